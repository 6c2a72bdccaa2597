"""scikit-learn's side of metrics.mjs: the same numbers, the best of several runs, in milliseconds, as JSON."""
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

print(
    json.dumps(
        {
            "curve": best(5, lambda: precision_recall_curve(truth, scores)),
            "area": best(5, lambda: roc_auc_score(truth, scores)),
            "svm": best(3, lambda: LinearSVC().fit(features, classes), time.process_time),
            "logistic": best(3, lambda: LogisticRegression().fit(features, classes), time.process_time),
        }
    )
)
