/** What takes a model some time to say about a result: the training pictures most like it, and where in it the model looked. */
import type { Progressing, ResultsState, SimilarRow } from "../protocol/index.js";
import { type Matrix, matrixRow } from "../structures/matrix.js";
import type { SaliencyMap } from "../structures/saliency.js";
import type { AnnotatedPicture } from "./annotated-picture.js";
import { describePicture } from "./picture-row.js";
import { saliencyUrl } from "./saliency-picture.js";
import { mostSimilar } from "./similar-pictures.js";

/** `TransferLearningModel` has both. */
export interface ExplainingModel {
  /** One row a picture: what the model makes of it. */
  features?(pictures: { readonly images: readonly AnnotatedPicture[] }): Promise<Matrix>;
  /** Where in the picture the model looked for that label. */
  saliency?(picture: { readonly storagePath: string }, label: string): Promise<SaliencyMap>;
}

export interface ExplainerOptions {
  model?: ExplainingModel | undefined;
  /** What the model was trained on. */
  training?: { readonly images: readonly AnnotatedPicture[] } | undefined;
}

const MOST_SIMILAR = 6;

/** The chosen picture and the label that the model gave it. */
export interface Chosen {
  id: number;
  label: string;
}

export class ResultsExplainer {
  /** Pictures of the training set have the ids from here on. */
  private readonly offset: number;
  private readonly images: readonly AnnotatedPicture[];
  private readonly training: readonly AnnotatedPicture[];
  private readonly model: ExplainingModel | undefined;
  private similar: Progressing = "off";
  private features: { own: Matrix; training: Matrix } | undefined;
  private explaining = false;
  private readonly maps = new Map<string, { url: string; label: string } | "busy">();

  constructor(images: readonly AnnotatedPicture[], { model, training }: ExplainerOptions) {
    this.images = [...images];
    this.offset = images.length;
    this.training = training ? [...training.images] : [];
    this.model = model;
  }

  /** Those of the data set and those of the training, by id. */
  get pictures(): readonly AnnotatedPicture[] {
    return [...this.images, ...this.training];
  }

  /** Turns the similar pictures on or off; resolves once they are there. */
  async showSimilar(on: boolean): Promise<void> {
    const { model } = this;
    if (!model?.features || this.similar === "busy") return;
    if (!on || this.features) {
      this.similar = on ? "ready" : "off";
      return;
    }
    this.similar = "busy";
    try {
      const own = await model.features({ images: this.images });
      this.features = { own, training: await model.features({ images: this.training }) };
      this.similar = "ready";
    } catch (error) {
      this.similar = "off";
      throw error;
    }
  }

  explain(on: boolean): void {
    this.explaining = on && this.model?.saliency !== undefined;
  }

  /** Makes the map of the chosen picture where it is wanted and not there; says whether there is a new one. */
  async explainChosen(chosen: Chosen | undefined): Promise<boolean> {
    const image = chosen && this.images[chosen.id];
    if (!this.explaining || !image || !this.model?.saliency || this.maps.has(keyOf(chosen))) return false;
    this.maps.set(keyOf(chosen), "busy");
    try {
      const map = await this.model.saliency(image, chosen.label);
      this.maps.set(keyOf(chosen), { url: await saliencyUrl(map), label: map.label });
      return true;
    } catch (error) {
      this.maps.delete(keyOf(chosen));
      this.explaining = false;
      throw error;
    }
  }

  state(chosen: Chosen | undefined): Pick<ResultsState, "similarState" | "similar" | "saliencyState" | "saliency"> {
    const map = this.explaining && chosen ? this.maps.get(keyOf(chosen)) : undefined;
    const there = map === "busy" ? undefined : map;
    const searchable = this.model?.features !== undefined && this.training.length > 0;
    return {
      similarState: searchable ? this.similar : null,
      similar: searchable && this.similar === "ready" && chosen ? this.similarTo(chosen.id) : [],
      saliencyState: this.model?.saliency ? (!this.explaining ? "off" : there ? "ready" : "busy") : null,
      saliency: there ?? null,
    };
  }

  private similarTo(id: number): SimilarRow[] {
    const own = this.images[id];
    if (!this.features || !own) return [];
    const query = matrixRow(this.features.own, id);
    // A picture is most like itself: where it was trained on, that says nothing.
    const itself = (index: number) => this.training[index]?.storageId === own.storageId;
    return mostSimilar(query, this.features.training, MOST_SIMILAR, itself).flatMap(({ index, similarity }) => {
      const image = this.training[index];
      return image ? [{ ...describePicture(this.offset + index, image), labels: image.labels, similarity }] : [];
    });
  }
}

const keyOf = ({ id, label }: Chosen): string => `${id}/${label}`;
