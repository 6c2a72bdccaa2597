"""FastAPI and torch, as one would write it: POST a picture to /score, get its class scores. Prints its port."""

import io
import socket
import sys

import torch
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from PIL import Image
from torchvision.models import resnet18
from torchvision.transforms.functional import normalize, pil_to_tensor, resize

torch.set_num_threads(int(sys.argv[1]))
model = resnet18(num_classes=4).eval()
app = FastAPI()


def score(body: bytes) -> list[float]:
    picture = Image.open(io.BytesIO(body)).convert("RGB")
    pixels = resize(pil_to_tensor(picture), [224, 224], antialias=True).float() / 255
    x = normalize(pixels, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])[None]
    with torch.inference_mode():
        return model(x)[0].tolist()


@app.post("/score")
async def answer(request: Request) -> list[float]:
    return await run_in_threadpool(score, await request.body())


with socket.socket() as sock:
    sock.bind(("127.0.0.1", 0))
    print(sock.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[sock])
