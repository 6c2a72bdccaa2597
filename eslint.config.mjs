import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** For all files alike: the parser has one project service, with the options of whichever file comes first. */
const typed = {
  parserOptions: {
    projectService: { allowDefaultProject: ["vitest.config.mts"] },
    tsconfigRootDir: import.meta.dirname,
  },
};

export default defineConfig(
  globalIgnores(["**/dist/", "out/", ".venv/", "**/node_modules/", "notebooks/", "sample_data/", "docs/api/"]),
  // AssemblyScript: TypeScript's syntax with other types; `npm run simd` compiles it.
  globalIgnores(["src/simd/"]),
  {
    files: ["**/*.ts", "**/*.tsx", "**/*.mts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: typed,
    rules: {
      // One import form: types are marked, so that a file's real dependencies are seen at a glance.
      "@typescript-eslint/consistent-type-imports": "error",
      // Mime bundles and JSON are open records on purpose.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      // Index signatures can't be declared by an interface without losing assignability from plain objects.
      "@typescript-eslint/consistent-type-definitions": "off",
      // noPropertyAccessFromIndexSignature is not set; both spellings read well.
      "@typescript-eslint/dot-notation": "off",
      // Numbers in sentences are the point of most messages.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    // The scripts are JavaScript, because they run before anything is installed; their types are checked all the same.
    files: ["scripts/**/*.mjs"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: typed,
    rules: {
      eqeqeq: "error",
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["**/*.mjs"],
    ignores: ["scripts/**"],
    extends: [tseslint.configs.recommended],
    rules: { eqeqeq: "error" },
  },
);
