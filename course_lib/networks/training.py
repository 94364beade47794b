"""Training: batch after batch, a step of the optimizer for each, and a record of how it went."""

from dataclasses import dataclass, field

import numpy as np
from tqdm.auto import tqdm

from course_lib.networks.optimizers import Adam
from course_lib.reference import shapes


@dataclass
class History:
    """How a training went.

    - `step_loss`: the loss of each batch, before its step
    - `loss`: for each epoch, the mean of its batches' losses
    - `validation_loss`, `validation_accuracy`: after each epoch, where there was validation data
    - `best_epoch`: the epoch (from 0) with the lowest validation loss, None without such data
    - `stopped_early`: whether patience ran out
    """

    step_loss: list = field(default_factory=list)
    loss: list = field(default_factory=list)
    validation_loss: list = field(default_factory=list)
    validation_accuracy: list = field(default_factory=list)
    best_epoch: int | None = None
    stopped_early: bool = False


def constant(progress):
    return 1.0


def cosine(progress):
    """From 1 down to 0 along half a cosine.

    Source: Loshchilov, Hutter: SGDR (2017), equation 5, without restarts.
    """
    return float(0.5 + 0.5 * np.cos(np.pi * progress))


def fit(
    network, images, labels, *, epochs=10, batch_size=64, optimizer=None, schedule=constant,
    validation=None, patience=None, augment=None, seed=0, progress=True,
):  # fmt: skip
    """Train a network on images (N, C, H, W) with labels (N,); returns the History.

    - optimizer: one of `course_lib.networks.optimizers`, Adam() if None
    - schedule: a function of the part of the training that is done, 0 to 1; its value is multiplied
      with the optimizer's rate
    - validation: (images, labels) that are not trained on, evaluated after each epoch
    - patience: stop once the validation loss has not been lower for so many epochs, and put back
      the parameters of the best epoch
    - augment: a function (images of a batch, generator) -> images of the same shape
    - seed: draws the order of the images, dropout and augmentation; equal seeds, equal results
    - progress: False for no progress bar

    ValueError for shapes or numbers that make no sense, and as soon as a loss is not finite.
    """
    epochs = shapes.integer("epochs", epochs, 1)
    batch_size = shapes.integer("batch_size", batch_size, 1)
    images, labels = np.asarray(images, network.dtype), np.asarray(labels)
    if len(images) != len(labels) or len(images) == 0:
        raise ValueError(
            f"images {images.shape} and labels {labels.shape}: one label per image is needed, "
            f"and at least one image"
        )
    if patience is not None and shapes.integer("patience", patience, 1) and validation is None:
        raise ValueError(f"patience is {patience} without validation data; pass validation=(x, y)")
    optimizer = Adam() if optimizer is None else optimizer
    rng = np.random.default_rng(seed)
    history, best = History(), None
    starts = range(0, len(images), batch_size)
    total = epochs * len(starts)
    with tqdm(total=total, unit="step", disable=not progress) as bar:
        for epoch in range(epochs):
            order = rng.permutation(len(images))
            for start in starts:
                chosen = order[start : start + batch_size]
                batch = images[chosen]
                if augment is not None:
                    batch = augment(batch, rng)
                loss, grads = network.loss(batch, labels[chosen], train=True, rng=rng)
                if not np.isfinite(loss):
                    raise ValueError(
                        f"the loss is {loss} at step {len(history.step_loss)}; "
                        f"lower the learning rate"
                    )
                optimizer.step(network.params, grads, schedule(len(history.step_loss) / total))
                history.step_loss.append(loss)
                bar.update()
            history.loss.append(float(np.mean(history.step_loss[-len(starts) :])))
            if validation is None:
                bar.set_postfix(loss=f"{history.loss[-1]:.3f}")
                continue
            loss, accuracy = network.evaluate(*validation)
            history.validation_loss.append(loss)
            history.validation_accuracy.append(accuracy)
            bar.set_postfix(loss=f"{history.loss[-1]:.3f}", accuracy=f"{accuracy:.3f}")
            if history.best_epoch is None or loss < history.validation_loss[history.best_epoch]:
                history.best_epoch = epoch
                best = network.snapshot() if patience else None
            if patience and epoch - history.best_epoch >= patience:
                history.stopped_early = True
                break
    if best is not None:
        network.restore(best)
    return history
