/** What the engine's thread is told of a training: the caller's options, laid over the network and its stages. */
import { augmenterPrint } from "./augmenter-print.js";
import { refuseFrozenAugment } from "./augmenter-option.js";
import { classWeightList } from "./class-weights.js";
import { labelledPictures } from "./labelled-pictures.js";
import type { PictureInput, TrainRequest } from "./messages.js";
import { networkPlan, type SharedNetwork } from "./shared-network.js";
import { stageRates } from "./stages.js";
import type { CheckedTrainOptions } from "./train-options.js";

/** Who learns: the weights that there are, how pictures become what they see, and the labels that the head tells apart. */
export interface Learner {
  network: SharedNetwork;
  input: PictureInput;
  labels: readonly string[];
}

/** @throws InvalidOption for pictures that change while the base is frozen, UnknownLabel, InvalidDataset */
export function trainRequest(
  { network, input, labels }: Learner,
  train: TrainRequest["train"],
  checked: CheckedTrainOptions,
): TrainRequest {
  const { evalDataset, tensorboardLogdir, runFolder, classWeights, baseRate, augmenter, ...rest } = checked;
  const rates = stageRates(networkPlan(network.architecture), checked.freeze, baseRate);
  const freeze = Object.keys(rates).length === 0;
  if (augmenter && freeze) refuseFrozenAugment();
  return {
    network,
    input,
    train,
    classCount: labels.length,
    ...rest,
    freeze,
    stageRates: rates,
    augment: augmenter !== undefined,
    record: (tensorboardLogdir ?? runFolder) !== undefined,
    classWeights: classWeights && classWeightList(classWeights, labels, train.classes),
    augmenter: augmenter && checked.checkpoints && augmenterPrint(augmenter, input),
    ...(evalDataset && { evaluation: labelledPictures("evalDataset", evalDataset, labels) }),
  };
}
