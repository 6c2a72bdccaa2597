/*
 * Loads shared libraries so that everything loaded later finds their symbols: Node's own dlopen keeps them to itself.
 * load(path) throws an Error with the loader's words where that fails.
 */
#include <dlfcn.h>
#include <node_api.h>

static napi_value Load(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  char path[4096];
  size_t length = 0;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || count != 1 ||
      napi_get_value_string_utf8(env, argument, path, sizeof path, &length) != napi_ok || length + 1 >= sizeof path) {
    napi_throw_type_error(env, NULL, "Expected a path shorter than 4096 bytes");
  } else if (!dlopen(path, RTLD_NOW | RTLD_GLOBAL)) {
    napi_throw_error(env, NULL, dlerror());
  }
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value load;
  if (napi_create_function(env, "load", NAPI_AUTO_LENGTH, Load, NULL, &load) != napi_ok) return NULL;
  return napi_set_named_property(env, exports, "load", load) == napi_ok ? exports : NULL;
}
