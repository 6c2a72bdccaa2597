"""scikit-learn's and pycocotools' side of metrics.mjs: the same numbers, the best of several runs, in milliseconds, as JSON."""
import contextlib
import io
import json
import sys
import time
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve, roc_auc_score
from sklearn.svm import LinearSVC

SCORES, ROWS, COLUMNS, CLASSES = map(int, sys.argv[1:])
warnings.simplefilter("ignore")


def numbers(seed, count):
    """Lehmer's generator modulo 2**31 - 1, in 0..1."""
    state, result = seed, np.empty(count)
    for i in range(count):
        state = state * 48271 % 2147483647
        result[i] = state / 2147483647
    return result


def best(runs, action, clock=time.perf_counter):
    least = float("inf")
    for _ in range(runs):
        start = clock()
        action()
        least = min(least, clock() - start)
    return least * 1000


drawn = numbers(1, 2 * SCORES)
scores, chance = drawn[:SCORES], drawn[SCORES:]
truth = (chance < 0.2 + 0.6 * scores).astype(np.uint8)
classes = np.arange(ROWS) % CLASSES
features = numbers(2, ROWS * COLUMNS).reshape(ROWS, COLUMNS) ** 2
features += np.where(np.arange(COLUMNS) % CLASSES == classes[:, None], 0.05, 0)
features = features.astype(np.float32)



def coco():
    """COCO's figures from the same JSON, and what they take; nothing where pycocotools is not installed."""
    try:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    except ModuleNotFoundError:
        return {}
    drawn = iter(numbers(3, 5000 * 20 * 8))
    annotations, detections = [], []
    for image in range(5000):
        for _ in range(20):
            category = 1 + min(7, int(8 * next(drawn)))
            x, y, width, height = 400 * next(drawn), 400 * next(drawn), 10 + 190 * next(drawn), 10 + 190 * next(drawn)
            annotations.append({"id": len(annotations) + 1, "image_id": image, "category_id": category, "bbox": [x, y, width, height], "area": width * height, "iscrowd": 0})
    for one in annotations:
        x, y, width, height = one["bbox"]
        bbox = [x + 0.2 * width * (next(drawn) - 0.5), y + 0.2 * height * (next(drawn) - 0.5), width, height]
        detections.append({"image_id": one["image_id"], "category_id": one["category_id"], "bbox": bbox, "score": next(drawn)})
    figures = []

    def run():
        truth = COCO()
        truth.dataset = {"images": [{"id": i} for i in range(5000)], "categories": [{"id": i + 1} for i in range(8)], "annotations": annotations}
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(detections), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        figures.append([float(value) for value in evaluation.stats])

    with contextlib.redirect_stdout(io.StringIO()):
        taken = best(1, run, time.process_time)
    return {"coco": taken, "cocoFigures": figures[0]}


print(
    json.dumps(
        {
            **coco(),
            "curve": best(5, lambda: precision_recall_curve(truth, scores), time.process_time),
            "area": best(5, lambda: roc_auc_score(truth, scores), time.process_time),
            "svm": best(3, lambda: LinearSVC().fit(features, classes), time.process_time),
            "logistic": best(3, lambda: LogisticRegression().fit(features, classes), time.process_time),
        }
    )
)
