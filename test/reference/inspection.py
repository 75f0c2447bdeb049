"""Writes inspection.json: what PyTorch finds inside a small graph net, in float64.

Feature maps, saliency, Grad-CAM, occlusion, activation maximisation and the loss's gradients of a net with a dilated
convolution, a residual sum, batch normalisation, a concatenation and two heads.
Run with Python 3.11 and torch 2.13: python -P test/reference/inspection.py
"""

import json
import math
import pathlib

import numpy
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

HEIGHT, WIDTH, CHANNELS = 10, 12, 2
TRAIN, TEST = 40, 6
MAIN, SIDE = 4, 3
SIDE_WEIGHT = 0.5
# Kernels are [height, width, inputs, outputs], dense weights [inputs, outputs].
SHAPES = {
    "a/weight": (3, 3, 2, 4), "a/bias": (4,),
    "b/weight": (3, 3, 4, 4), "b/bias": (4,),
    "norm/scale": (4,), "norm/offset": (4,), "norm/runningMean": (4,), "norm/runningVariance": (4,),
    "c/weight": (3, 3, 4, 5), "c/bias": (5,),
    "d/weight": (3, 3, 4, 2), "d/bias": (2,),
    "last/weight": (3, 3, 7, 6), "last/bias": (6,),
    "hidden/weight": (72, 8), "hidden/bias": (8,),
    "logits/weight": (8, MAIN), "logits/bias": (MAIN,),
    "side/weight": (4, SIDE), "side/bias": (SIDE,),
}


def draw_state(generator):
    state = {}
    for name, shape in SHAPES.items():
        fan_in = math.prod(shape[:-1]) or 1
        values = generator.normal(size=shape) * (1.6 / math.sqrt(fan_in) if len(shape) > 1 else 0.3)
        if name == "norm/scale":
            values = 1 + values
        if name == "norm/runningVariance":
            values = 0.5 + numpy.abs(values)
        state[name] = torch.tensor(values.astype(numpy.float32).astype(numpy.float64))
    return state


def conv(x, state, name, dilation=1, padding="same"):
    kernel = state[f"{name}/weight"].permute(3, 2, 0, 1)
    return F.conv2d(x, kernel, state[f"{name}/bias"], dilation=dilation, padding=padding)


def forward(x, state, given=None):
    """Outputs of every layer for x [batch, channels, height, width]; `given` replaces one, as (name, output)."""
    out = {}

    def put(name, value):
        out[name] = given[1] if given is not None and given[0] == name else value
        return out[name]

    a = put("a", F.relu(conv(x, state, "a")))
    b = put("b", conv(a, state, "b", dilation=2))
    total = put("sum", a + b)
    per_channel = lambda name: state[f"norm/{name}"].reshape(1, -1, 1, 1)
    spread = torch.sqrt(per_channel("runningVariance") + 1e-5)
    norm = put("norm", (total - per_channel("runningMean")) / spread * per_channel("scale") + per_channel("offset"))
    act = put("act", F.relu(norm))
    pool = put("pool", F.max_pool2d(act, 2))
    c = put("c", torch.tanh(conv(pool, state, "c", padding="valid")))
    d = put("d", torch.sigmoid(conv(pool, state, "d", padding="valid")))
    join = put("join", torch.cat([c, d], dim=1))
    last = put("last", F.relu(conv(join, state, "last")))
    # Ours lays the last axis fastest: height, width, channels.
    flat = put("flat", last.permute(0, 2, 3, 1).reshape(len(x), -1))
    hidden = put("hidden", F.leaky_relu(flat @ state["hidden/weight"] + state["hidden/bias"], 0.01))
    put("logits", hidden @ state["logits/weight"] + state["logits/bias"])
    mean = put("mean", act.mean(dim=(2, 3)))
    put("side", mean @ state["side/weight"] + state["side/bias"])
    return out


def prepared(rows):
    """[rows, height, width, channels] of 0 to 255 as the net is given them."""
    return torch.tensor(rows.astype(numpy.float64) / 255).permute(0, 3, 1, 2)


def hwc(x):
    return x.permute(1, 2, 0) if x.dim() == 3 else x


def flat(x):
    return hwc(x.detach()).flatten().tolist()


def saliency(x, state, head, label):
    x = x.clone().requires_grad_()
    logit = forward(x, state)[head][0, label]
    (gradient,) = torch.autograd.grad(logit, x)
    return gradient[0].abs().amax(dim=0).flatten().tolist()


def grad_cam(x, state, head, label, layer):
    output = forward(x, state)[layer].detach().requires_grad_()
    logit = forward(x, state, (layer, output))[head][0, label]
    (gradient,) = torch.autograd.grad(logit, output)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    weighed = F.relu((weights * output).sum(dim=1, keepdim=True)).detach()
    return F.interpolate(weighed, size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False).flatten().tolist()


def occlusion(x, state, head, label, grey, size, stride):
    logit = forward(x, state)[head][0, label]
    sums, counts = torch.zeros(HEIGHT, WIDTH), torch.zeros(HEIGHT, WIDTH)
    for top in range(0, HEIGHT - size[0] + 1, stride[0]):
        for left in range(0, WIDTH - size[1] + 1, stride[1]):
            occluded = x.clone()
            place = (slice(top, top + size[0]), slice(left, left + size[1]))
            occluded[0, :, *place] = grey.reshape(-1, 1, 1)
            sums[place] += logit - forward(occluded, state)[head][0, label]
            counts[place] += 1
    return (sums / counts).detach().flatten().tolist()


def fnv(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def philox(key, counter):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def start_noise(size, seed):
    """Normal numbers of deviation 0.01 by Box and Muller from the stream 'inspect', 'start', as float32."""
    key = philox((seed, fnv("inspect")), (fnv("start"), len("start"), 0, 0))[:2]
    words = [word for group in range((2 * size + 3) // 4) for word in philox(key, (group, 0, 0, 0))]
    uniforms = [word / 2**32 for word in words]
    normals = [
        math.sqrt(-2 * math.log(1 - uniforms[2 * i])) * math.cos(2 * math.pi * uniforms[2 * i + 1]) for i in range(size)
    ]
    return numpy.array([0.01 * value for value in normals]).astype(numpy.float32).astype(numpy.float64)


def maximise(state, layer, unit, steps, learning_rate, l2, variation, seed):
    start = torch.tensor(start_noise(HEIGHT * WIDTH * CHANNELS, seed)).reshape(1, HEIGHT, WIDTH, CHANNELS)
    image = start.permute(0, 3, 1, 2).clone().requires_grad_()
    optimizer = torch.optim.Adam([image], lr=learning_rate, maximize=True)
    activation = lambda: forward(image, state)[layer][0, unit].mean()
    before = activation().item()
    for _ in range(steps):
        optimizer.zero_grad()
        differences = (image[:, :, 1:] - image[:, :, :-1]).abs().sum() + (image[..., 1:] - image[..., :-1]).abs().sum()
        (activation() - l2 * image.square().sum() - variation * differences).backward()
        optimizer.step()
    return {
        "layer": layer, "unit": unit, "steps": steps, "learningRate": learning_rate, "l2": l2,
        "totalVariation": variation, "seed": seed, "raw": flat(image[0]), "before": before, "after": activation().item(),
    }


def loss_gradients(x, labels, state):
    parameters = {name: value.clone().requires_grad_() for name, value in state.items() if "running" not in name}
    out = forward(x, {**state, **parameters})
    loss = F.cross_entropy(out["logits"], labels[0]) + SIDE_WEIGHT * F.cross_entropy(out["side"], labels[1])
    gradients = torch.autograd.grad(loss, list(parameters.values()))
    return {
        name: {"minimum": g.min().item(), "maximum": g.max().item(), "mean": g.mean().item(), "deviation": g.std(correction=0).item()}
        for name, g in zip(parameters, gradients)
    }


def main():
    generator = numpy.random.default_rng(5)
    state = draw_state(generator)
    rows = generator.integers(0, 256, size=(TRAIN + TEST, HEIGHT, WIDTH, CHANNELS)).astype(numpy.uint8)
    labels = [generator.integers(0, classes, size=TRAIN + TEST) for classes in (MAIN, SIDE)]
    train, x = prepared(rows[:TRAIN]), prepared(rows[TRAIN : TRAIN + 1])
    out = forward(x, state)
    named = {"main": int(out["logits"][0].argmax()), "side": int(out["side"][0].argmax())}
    layers = {"main": "logits", "side": "side"}
    grey = train.mean(dim=(0, 2, 3))
    size, stride = [2, 2], [1, 1]
    asked = [("main", None, None), ("main", 1, "c"), ("side", 2, "a"), ("side", None, "act")]
    cases = []
    for head, label, layer in asked:
        label_or_named = named[head] if label is None else label
        cases.append({
            "head": head, "asked": label, "layer": layer, "classIndex": label_or_named,
            "logit": out[layers[head]][0, label_or_named].item(),
            "probability": out[layers[head]][0].softmax(0)[label_or_named].item(),
            "saliency": saliency(x, state, layers[head], label_or_named),
            "gradCam": grad_cam(x, state, layers[head], label_or_named, layer or "last"),
            "occlusion": occlusion(x, state, layers[head], label_or_named, grey, size, stride),
        })
    all_train = forward(train, state)["c"]
    result = {
        "torch": torch.__version__,
        "shape": [HEIGHT, WIDTH, CHANNELS], "train": TRAIN, "test": TEST, "sideWeight": SIDE_WEIGHT,
        "features": rows.flatten().tolist(),
        "labels": [values.tolist() for values in labels],
        "state": {name: {"shape": list(SHAPES[name]), "values": value.flatten().tolist()} for name, value in state.items()},
        "maps": {name: flat(value[0]) for name, value in out.items()},
        "occluder": {"size": size, "stride": stride},
        "cases": cases,
        "maximisations": [
            maximise(state, "c", 2, 40, 0.05, 1e-3, 1e-3, 9),
            maximise(state, "hidden", 3, 40, 0.05, 1e-2, 0.0, 1),
        ],
        "gradients": loss_gradients(train, [torch.tensor(values[:TRAIN]) for values in labels], state),
        "saturated": (all_train.abs() > 0.98).double().mean().item(),
    }
    target = pathlib.Path(__file__).with_name("inspection.json")
    target.write_text(json.dumps(result) + "\n")


main()
