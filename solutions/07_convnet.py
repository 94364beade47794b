# %% [markdown]
# # 7 · A network that learns
#
# You have built the layers. In this lesson you put them together, train the whole on handwritten
# digits, and then do what too few people do: look for the places where it goes wrong.
#
# **After it you can**
#
# - turn scores into probabilities and a loss, and say in which direction the scores should move,
# - run a whole network forwards and backwards, layer by layer,
# - train it, and say what an epoch, a batch and a learning rate are,
# - find out what a network looks at,
# - name two small changes of an image that break a network with about 97 % right answers.
#
# **Time:** about 90 minutes. **You need:** what the layers of lessons 2, 3 and 5 do. Working ones
# come with this notebook; if you want to take your own, the convolution should be the fast one of
# lesson 6. Lesson 4 helps with the last section.
#
# Run the cells from top to bottom with Shift + Enter. Cells that say `# YOUR CODE HERE` are yours.
# A `check` cell tells you at once how you are doing. It costs nothing. Stuck? `hint()`, in a cell
# of your own, gives a step towards the function that you have checked last, never the answer.

# %% setup
import numpy as np

# “No module named”? Then this kernel is not the course's. Choose another: menu
# Kernel, Change Kernel; or open the lessons as the student guide describes.
# “cannot import name”? Then the course is older than this notebook: update it,
# then restart the kernel.
from course_lib import check, data, hint, not_yet, pictures, reset, solution, test, widgets

X_train, y_train = data.digits("train")  # images (1437, 1, 8, 8) from 0 to 1, labels 0 to 9
X_test, y_test = data.digits("test")  # 360 images, kept aside for the end

# %% [markdown]
# ## Before you start: a prediction
#
# These are twenty digits, 8 x 8 pixels each. The ink is white.

# %% figure: twenty digits
two_of_each = np.concatenate([np.flatnonzero(y_test == digit)[:2] for digit in range(10)])
pictures.activation_maps(X_test[two_of_each, 0], [f"a {y_test[n]}" for n in two_of_each])

# %% [markdown]
# In an hour you will have a network that reads them. Of 100 digits that it has never seen it will
# read about 97 right. (With other random numbers at the start it may be 95, or nearly 99.)
#
# Then we change the images a little.
#
# 1. **Every digit moves one pixel to the right.** You would hardly notice.
# 2. **Black and white change places**: dark ink on white paper, as in a book.
#
# **How many of 100 will the network read right, in the first case and in the second?** A network
# that guesses has 10. Write two numbers down before you go on.

# %% try: my prediction
right_of_100_when_moved = None
right_of_100_in_black_ink = None

# %% [markdown]
# ## 1 · The plan
# *Reading, 5 minutes.*
#
# The network has five layers. Here is what each makes of N images, for 8 filters of 5 x 5 with
# padding 2:
#
# | layer | what it does | shape of the result |
# |---|---|---|
# | convolution | 8 filters look at every place | (N, 8, 8, 8) |
# | ReLU | negative numbers become 0 | (N, 8, 8, 8) |
# | max pooling, 2 x 2, stride 2 | keeps the largest of four | (N, 8, 4, 4) |
# | affine | 10 neurons see all the 8 · 4 · 4 = 128 numbers | (N, 10) |
# | softmax | ten **scores** become ten probabilities | (N, 10) |
#
# **ReLU** stands for rectified linear unit: it is max(x, 0), and nothing more. **Affine** is the
# old-fashioned layer in which every neuron sees everything; the notes call it fully connected.

# %% figure: the network
# Below: the network
from course_lib.architectures import Architecture
from course_lib.architectures.layers import Affine, Conv, Pool

pictures.architecture(Architecture(
    "our network", (8, 8, 1), (Conv(8, 5, P=2), Pool(2, 2), Affine(10)), "lesson 7"),
    parameters=False)

# %% [markdown]
# **Predict first.** Which layer has the most parameters, the convolution or the affine layer? By
# what factor?
#
# <details><summary>Answer</summary>
# <p>
# The affine layer: 128 · 10 weights and 10 biases are 1,290 parameters. The convolution has 8 · 25
# weights and 8 biases, 208 in all. And yet the convolution does most of the work: its 200 weights
# are used at 64 places.</p>
# </details>
#
# ### The layers you have already built
#
# The next four cells hold working layers. **If you have your own, you may paste them over these.**
# Three things to know before you do:
#
# - Take the convolution of lesson 6, not the loops of lessons 2 and 3: training calls it nearly two
#   thousand times. Paste the functions that it calls along with it, such as `im2col` and `col2im`.
# - Forward and backward belong together: replace both or none. The cache goes from one to the other.
# - Pooling in loops over every image and channel, as in lesson 5, works, and is slow. The training
#   in section 7 takes 11 seconds with it in place of 1.6, on the machine where we measured.
#
# You may have wondered whether there are other ways to write a convolution. This one has no loop
# over the image at all. It goes through the places *of the filter*: the weight in row `i`, column
# `j` meets all its pixels at once.

# %% given: conv_forward_fast
# Not lesson 6's: another way, which needs no matrix of columns.
def conv_forward_fast(x, w, b, conv_param):
    """x (N, C, H, W), w (F, C, HH, WW), b (F,) -> out (N, F, H2, W2) and a cache."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H2, W2 = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, H2 * W2))
    for i in range(HH):
        for j in range(WW):
            pixels = padded[:, :, i : i + stride * H2 : stride, j : j + stride * W2 : stride]
            out += w[:, :, i, j] @ pixels.reshape(N, C, H2 * W2)
    return out.reshape(N, F, H2, W2) + b.reshape(1, F, 1, 1), (x.shape, padded, w, conv_param)

# %% given: conv_backward_fast
# It belongs to the cache of the cell above.
def conv_backward_fast(dout, cache):
    """dout (N, F, H2, W2) -> dx, dw, db, in the shapes of x, w, b."""
    (N, C, H, W), padded, w, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, F, H2, W2 = dout.shape
    flat = dout.reshape(N, F, H2 * W2)
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            rows = slice(i, i + stride * H2, stride)
            columns = slice(j, j + stride * W2, stride)
            pixels = padded[:, :, rows, columns].reshape(N, C, H2 * W2)
            dw[:, :, i, j] = (flat @ pixels.transpose(0, 2, 1)).sum(axis=0)
            dpadded[:, :, rows, columns] += (w[:, :, i, j].T @ flat).reshape(N, C, H2, W2)
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))

# %% given: max_pool_forward_naive
# Not lesson 5's: all images at once, since training calls it nearly two thousand times.
def max_pool_forward_naive(x, pool_param):
    """x (N, C, H, W) -> out (N, C, H2, W2) and a cache."""
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - height) // stride + 1, (W - width) // stride + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + height, left : left + width].max(axis=(2, 3))
    return out, (x, out, pool_param)

# %% given: max_pool_backward_naive
# It belongs to the cache of the cell above.
def max_pool_backward_naive(dout, cache):
    """dout (N, C, H2, W2) -> dx (N, C, H, W): each gradient goes to where the maximum was."""
    x, out, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    dx = np.zeros(x.shape)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            rows = slice(i * stride, i * stride + height)
            columns = slice(j * stride, j * stride + width)
            is_maximum = x[:, :, rows, columns] == out[:, :, i : i + 1, j : j + 1]
            dx[:, :, rows, columns] += is_maximum * dout[:, :, i : i + 1, j : j + 1]
    return dx

# %% [markdown]
# The affine layer is new in this course, and short. It lays the numbers of each image out in a row
# and multiplies with a matrix. Read it: backward is two matrix products and a sum.
#
# **A bridge between letters.** In lessons 4 and 8, which follow the notes, K is the number of filters
# and D the depth of a volume. In this lesson **D** counts the numbers that the affine layer sees of
# each image, and **K** will count the classes. Filters are counted by F, as always in our code.

# %% given: affine
def affine_forward(x, w, b):
    """x (N, ...), w (D, M), b (M,) -> out (N, M) and a cache; D numbers an image."""
    return x.reshape(len(x), -1) @ w + b, (x, w)


def affine_backward(dout, cache):
    """dout (N, M) -> dx in the shape of x, dw (D, M), db (M,)."""
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    return dx, dw, dout.sum(axis=0)

# %% [markdown]
# ## 2 · Find the bug: ReLU
# *Easy, 6 minutes.*
#
# ReLU makes one decision for each number: positive numbers pass, negative ones become 0. Below you
# see an activation map before and after it.

# %% figure: ReLU
# Below: ReLU
try:
    edges, _ = conv_forward_fast(X_test[3:4], np.array([[[[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]]]),
                                 np.zeros(1), {"stride": 1, "pad": 1})
    edge_maps = pictures.activation_maps(np.concatenate([edges[0], np.maximum(edges[0], 0)]),
                                         ["before ReLU", "after ReLU"])
except Exception as error:
    edge_maps = None
    not_yet(error, "This picture needs a working conv_forward_fast.")
edge_maps

# %% [markdown]
# On the way back the same decision holds. Where a number has passed, its gradient passes. Where it
# was cut off, nothing behind it depends on it, and the gradient is 0.
#
# A friend has written it like this. "The output is right, I have checked. But the network learns
# badly, and I cannot find out why."

# %% try: the friend's ReLU
def friends_relu_forward(x):
    x[x < 0] = 0
    return x, x  # the cache is the input


def friends_relu_backward(dout, cache):
    return dout * (cache >= 0)


numbers = np.array([-2.0, 3.0, -1.0])
print("input          ", numbers)
friends_out, friends_cache = friends_relu_forward(numbers)
print("output         ", friends_out)
print("gradient       ", friends_relu_backward(np.array([10.0, 20.0, 30.0]), friends_cache))

# %% [markdown]
# **Predict first.** What should the gradient be? Which line is to blame: is it in the backward
# function at all? Print `numbers` after the call, too.
#
# <details><summary>A hint</summary>
# <p>
# <code>x[x < 0] = 0</code> writes into the array that the caller has handed in. What does the cache
# hold afterwards?</p>
# </details>
#
# Write both functions so that the input stays as it was.

# %% answer: relu_backward
def relu_forward(x):
    """Negative numbers become 0.

    x  array of any shape; it stays as it is

    Returns (out, cache): out has the shape of x, the cache is what relu_backward needs.
    """
    ### BEGIN SOLUTION
    out = np.maximum(x, 0)
    return out, x
    ### END SOLUTION


def relu_backward(dout, cache):
    """The gradient passes where the number passed.

    dout   gradient of the output, in its shape
    cache  what relu_forward has returned

    Returns dx, an array in the shape of dout.
    """
    ### BEGIN SOLUTION
    x = cache
    return dout * (x > 0)
    ### END SOLUTION

# %% check: relu_backward
check("relu_backward", relu_backward, relu_forward)

# %% test: relu_backward values, 2 points
score = test("relu_backward", relu_backward, relu_forward, group="values", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70101)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 3 · How many numbers are left?
# *Easy, one line, 4 minutes.*
#
# The affine layer needs a matrix with one row for each number that it gets. So we have to know how
# many numbers the pooling layer leaves. You know all of it from lesson 1; here it is again in one
# picture, for a single row of 8 pixels, a filter of 5 and padding 2.

# %% figure: one row
pictures.output_size(8, 5, S=1, P=2)

# %% [markdown]
# Eight places, and pooling by 2 leaves 4. The same holds downwards. And there is one activation map
# for each filter.
#
# **Predict first.** 12 filters of 5 x 5 without padding look at an image of 10 x 14 pixels. How
# many numbers are left after 2 x 2 pooling?
#
# <details><summary>Answer</summary>
# <p>
# The activation maps are 6 high and 10 wide. Pooling leaves 3 x 5. Twelve of these are 180 numbers.
# </p>
# </details>
#
# Fill in the missing line. The activation maps have even sides here, so that pooling fits.

# %% answer: flat_size
def flat_size(H, W, F, size, pad):
    """How many numbers of one image reach the affine layer.

    H, W  height and width of the image
    F     number of filters
    size  height and width of the filters; their stride is 1
    pad   zeros on each side of the image

    After the convolution comes 2x2 max pooling with stride 2. Returns an int.
    """
    map_height = H + 2 * pad - size + 1
    map_width = W + 2 * pad - size + 1
    ### BEGIN SOLUTION
    return F * (map_height // 2) * (map_width // 2)
    ### END SOLUTION

# %% check: flat_size
check("flat_size", flat_size)

# %% test: flat_size no padding, 1 point
score = test("flat_size", flat_size, group="no padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70201)
### END HIDDEN TESTS
score

# %% test: flat_size padding, 1 point
score = test("flat_size", flat_size, group="padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70202)
### END HIDDEN TESTS
score

# %% test: flat_size non-square images, 1 point
score = test("flat_size", flat_size, group="non-square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70203)
### END HIDDEN TESTS
score

# %% test: flat_size everything at once, 1 point
score = test("flat_size", flat_size, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70204)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 4 · From scores to a loss
# *Medium, 13 minutes.*
#
# For each image the network gives ten scores, one for each digit. A score may be any number. To
# train we need a single number that says **how wrong** the network is: the **loss**. It takes two
# steps.
#
# **Step 1: softmax.** The scores $s$ become probabilities: positive numbers that add up to 1.
#
# $$p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}$$

# %% figure: softmax
# Below: softmax
from course_lib.pictures.picture import INPUT, OUTPUT, Picture, drawing, figure


@drawing
def softmax_bars(values):
    powers = np.exp(values)
    shares = powers / powers.sum()
    made = figure(2.4, layout="constrained")
    for ax, title, heights in zip(made.subplots(1, 3), ("scores", "e to the power of the score",
                                                        "probabilities"),
                                  (values, powers, shares)):
        bars = ax.bar(range(len(values)), heights, color=INPUT if title == "scores" else OUTPUT)
        ax.bar_label(bars, [f"{height:.2f}".replace("-", "−") for height in heights], fontsize=9,
                     padding=2)
        ax.axhline(0, color="black", lw=0.8)
        ax.margins(y=0.2)
        ax.set(title=title, xticks=range(len(values)), xlabel="class")
        ax.spines[["top", "right"]].set_visible(False)
    words = ", ".join(f"{s:g} becomes {p:.2f}" for s, p in zip(values, shares))
    return Picture(made, f"Softmax of four scores, as bars: {words}. These add up to 1.")


softmax_bars(np.array([2.0, 1.0, -1.0, 0.0]))

# %% [markdown]
# **Step 2: the loss.** Look at the probability of the *right* class, and take minus its logarithm.
# (In this course log is always the natural logarithm, to the base e: `np.log` in NumPy.)
# If the network is sure and right, p is near 1 and the loss near 0. If it thinks the right class
# impossible, p is near 0 and the loss is huge. The loss of a batch is the **mean** over its images.
#
# $$L = \frac1N \sum_n -\log p_{n,\,y_n}$$
#
# **Predict first.** A network that knows nothing gives ten equal scores. What is its loss?
#
# <details><summary>Answer</summary>
# <p>
# Each class has probability 1/10, so the loss is -log(1/10) = log 10 = 2.303. Remember this number:
# a network with ten classes that starts with a loss of 2.3 is well, and one that stays there has
# learned nothing.</p>
# </details>
#
# **And the gradient?** It is one of the prettiest results in the field:
#
# $$\frac{\partial L}{\partial s_{n,k}} = \frac{1}{N}\bigl(p_{n,k} - [k = y_n]\bigr)$$
#
# The bracket is 1 for the right class and 0 for the others. So the gradient is "what you said,
# minus what you should have said".
#
# <details><summary>Where does it come from?</summary>
# <p>For one image the loss is minus the logarithm of a fraction, so it is a difference:
# L = log(e<sup>s<sub>0</sub></sup> + e<sup>s<sub>1</sub></sup> + ...) - s<sub>y</sub>.
# Ask for the slope in the direction of the score s<sub>k</sub>. The slope of log u is 1/u, and that
# of e<sup>s</sup> is e<sup>s</sup> itself. So the first part has the slope
# e<sup>s<sub>k</sub></sup> / (e<sup>s<sub>0</sub></sup> + e<sup>s<sub>1</sub></sup> + ...), which is
# p<sub>k</sub>. The second part has the slope -1 if k is the right class y, and 0 if not. The mean
# over N images divides both by N.</p>
# </details>
#
# **Two traps.** `np.exp(1000)` is too large for a computer: you get `inf`, and soon `nan`. The way
# out: subtract the same number from all the scores of an image. It cancels in the fraction.
# Subtract the largest one, and no power is larger than 1.
#
# Now `np.exp(-1000)` is too small for a computer: you get 0, and minus its logarithm is `inf`. With
# scores 1000 and 0, where the second class is the right one, the loss is 1000 and no more. The way
# out: take the logarithm of the fraction by hand, before anything becomes 0.
#
# $$-\log\frac{e^{s_y}}{\sum_j e^{s_j}} = \log\Bigl(\sum_j e^{s_j}\Bigr) - s_y$$
#
# <details><summary>Two hints for NumPy</summary>
# <code>scores.max(axis=1, keepdims=True)</code> has shape (N, 1), so that it can be subtracted from
# (N, K). And <code>scores[np.arange(N), y]</code> picks one number from each row: in row n that of
# column y[n].
# </details>

# %% answer: softmax_loss
def softmax_loss(scores, y):
    """The mean softmax loss of a batch, and its gradient.

    scores  array of shape (N, K): K scores for each of N images
    y       the right classes: N integers from 0 to K - 1

    Returns (loss, dscores): a number, and the gradient of the loss, an array of shape (N, K).
    It must work for large scores such as 1000, too.
    """
    ### BEGIN SOLUTION
    N = len(y)
    shifted = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    sums = powers.sum(axis=1, keepdims=True)
    loss = (np.log(sums[:, 0]) - shifted[np.arange(N), y]).sum() / N
    dscores = powers / sums
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N
    ### END SOLUTION

# %% check: softmax_loss
check("softmax_loss", softmax_loss)

# %% test: softmax_loss loss of one image, 1 point
score = test("softmax_loss", softmax_loss, group="loss of one image", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70301)
### END HIDDEN TESTS
score

# %% test: softmax_loss loss of many images, 1 point
score = test("softmax_loss", softmax_loss, group="loss of many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70302)
### END HIDDEN TESTS
score

# %% test: softmax_loss large scores, 1 point
score = test("softmax_loss", softmax_loss, group="large scores", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70303)
### END HIDDEN TESTS
score

# %% test: softmax_loss gradient of one image, 1 point
score = test("softmax_loss", softmax_loss, group="gradient of one image", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70304)
### END HIDDEN TESTS
score

# %% test: softmax_loss gradient of many images, 1 point
score = test("softmax_loss", softmax_loss, group="gradient of many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70305)
### END HIDDEN TESTS
score

# %% test: softmax_loss everything at once, 1 point
score = test("softmax_loss", softmax_loss, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70306)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 5 · The way back
# *A puzzle, 4 minutes.*
#
# Forwards, each layer takes the result of the one before it, and leaves a cache. Backwards, each
# layer takes the gradient of its *output* and its own cache, and gives the gradient of its *input*.

# %% figure: forwards
# Below: forwards
from course_lib.pictures.picture import FILTER, INPUT, OUTPUT, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def forward_chain():
    scene = Scene(26, 5.2)
    names = ["X", "maps", "active", "pooled", "scores", "loss"]
    steps = ["convolution", "ReLU", "max pooling", "affine", "softmax loss"]
    caches = ["conv_cache", "relu_cache", "pool_cache", "affine_cache", ""]
    for k, name in enumerate(names):
        scene.text(0.9 + 4.8 * k, 2, name, 10, weight="bold")
    for k, (step, cache) in enumerate(zip(steps, caches)):
        left = 2.0 + 4.8 * k
        scene.arrow((left + 0.05, 2), (left + 2.5, 2))
        scene.text(left + 1.25, 1.2, step, 8.5)
        if cache:
            scene.arrow((left + 1.25, 2.3), (left + 1.25, 3.5), FILTER)
            scene.box(left - 0.6, 3.6, 3.7, 1, tint(FILTER, 0.2), FILTER)
            scene.text(left + 1.25, 4.1, cache, 8)
    return Picture(scene.figure, "The network forwards: " + ", then ".join(
        f"{step} makes {name}" + (f" and leaves {cache}" if cache else "")
        for step, name, cache in zip(steps, names[1:], caches)) + ".")


forward_chain()

# %% [markdown]
# Here are the lines of the way back, in the wrong order. Names that begin with `d` are gradients:
# `dmaps` belongs to `maps`.
#
# - **A** `dpooled, affine_w, affine_b = affine_backward(dscores, affine_cache)`
# - **B** `dmaps = relu_backward(dactive, relu_cache)`
# - **C** `loss, dscores = softmax_loss(scores, y)`
# - **D** `dX, conv_w, conv_b = conv_backward_fast(dmaps, conv_cache)`
# - **E** `dactive = max_pool_backward_naive(dpooled, pool_cache)`
#
# Put the letters in order, then run the cell below it. It tells you whether your order runs.

# %% try: the order of the lines
my_order = "ABCDE"

# %% figure: does it run?
# Below: does it run?
lines = {"A": ("dscores", "dpooled"), "B": ("dactive", "dmaps"), "C": ("scores", "dscores"),
         "D": ("dmaps", "dX"), "E": ("dpooled", "dactive")}
known, stopped = {"scores"}, None
for letter in str(my_order).upper():
    needs, makes = lines.get(letter, (None, None))
    if needs not in known:
        stopped = (f"{letter} is none of the lines" if needs is None
                   else f"line {letter} needs {needs}, and no line before it has made that")
        break
    known.add(makes)
print(f"It stops: {stopped}." if stopped else "It runs to its end." if "dX" in known else
      "So far so good. Some lines are missing.")

# %% [markdown]
# Two things to notice. The order is that of the forward pass, the other way round. And beside the
# loss there are four results whose names have no `d`: they are the gradients of the parameters, the
# reason for the whole trip. Nobody needs `dX`, the gradient of the image. We throw it away.

# %% [markdown]
# ## 6 · The network
# *The big one, 16 minutes.*
#
# Now write the network as a **class**. If it is your first one, take this small step before. A class
# is a plan for objects. An object keeps some values, and has functions that work with them, called
# methods. `__init__` runs when an object is made. Inside a method, `self` is the object itself: what
# is written into `self.factor` stays there, and `self.forward(x)` calls the object's own `forward`.
#
# **Predict first.** Which three numbers does the next cell print?
#
# <details><summary>Answer</summary>
# 6, 30 and 75. Each object has a factor of its own. When the factor of the first one has become 5,
# <code>twice</code> multiplies by 5 two times.
# </details>

# %% try: a first class
class Scaler:
    """A layer with a single parameter: it multiplies by a factor."""

    def __init__(self, factor):
        self.factor = factor

    def forward(self, x):
        return self.factor * x

    def twice(self, x):
        return self.forward(self.forward(x))


one, another = Scaler(2), Scaler(10)
print(one.forward(3), another.forward(3))
one.factor = 5  # training does the same to a network: the object stays, its numbers change
print(one.twice(3))

# %% [markdown]
# Your network is such an object. In place of one factor it keeps its parameters. It gets them when
# it is made, in a dict with four entries:
#
# | name | shape | what it is |
# |---|---|---|
# | `conv_w` | (F, C, HH, WW) | the filters |
# | `conv_b` | (F,) | their biases |
# | `affine_w` | (D, K) | the affine layer's matrix: D is your `flat_size`, K the number of classes |
# | `affine_b` | (K,) | its biases |
#
# Three parts are yours.
#
# - `forward` runs the layers and collects their caches. The convolution has stride 1 and padding
#   `self.pad`; the pooling is 2 x 2 with stride 2.
# - `predict` says for each image which class has the best score.
# - `loss` runs forwards, then backwards, and returns the loss and the gradients, in a dict with the
#   same four names.
#
# `self.params["conv_w"]` are the network's filters, and `self.forward(X)` calls its own `forward`.
#
# <details><summary>Stuck? The first line of forward</summary>
# <pre>
# maps, conv_cache = conv_forward_fast(
#     X, self.params["conv_w"], self.params["conv_b"],
#     {"stride": 1, "pad": self.pad})
# </pre>
# <p>Three more of this kind follow, one for each layer. For <code>loss</code> take the lines of
# section 5 in your order, and put the gradients into a dict.</p>
# </details>
#
# **Predict first.** `predict` gives a digit for each image. Does it need the softmax?
#
# <details><summary>Answer</summary>
# No. Softmax keeps the order: the best score has the largest probability.
# </details>

# %% answer: ConvNet
class ConvNet:
    """Convolution, ReLU, 2x2 max pooling, affine layer, softmax.

    params  a dict of arrays: "conv_w" (F, C, HH, WW), "conv_b" (F,), "affine_w" (D, K),
            "affine_b" (K,)
    pad     zeros on each side of the image, an int

    The network keeps both as net.params and net.pad. Training changes net.params.
    """

    def __init__(self, params, pad):
        self.params = params
        self.pad = pad

    def forward(self, X):
        """Images (N, C, H, W) -> (scores, caches): an array (N, K), and what `loss` needs."""
        ### BEGIN SOLUTION
        maps, conv_cache = conv_forward_fast(X, self.params["conv_w"], self.params["conv_b"],
                                             {"stride": 1, "pad": self.pad})
        active, relu_cache = relu_forward(maps)
        pooled, pool_cache = max_pool_forward_naive(
            active, {"pool_height": 2, "pool_width": 2, "stride": 2})
        scores, affine_cache = affine_forward(pooled, self.params["affine_w"],
                                              self.params["affine_b"])
        return scores, (conv_cache, relu_cache, pool_cache, affine_cache)
        ### END SOLUTION

    def scores(self, X):
        """Images (N, C, H, W) -> scores (N, K), one for each image and class."""
        return self.forward(X)[0]

    def predict(self, X):
        """Images (N, C, H, W) -> the class with the best score, an array of N integers."""
        ### BEGIN SOLUTION
        return self.scores(X).argmax(axis=1)
        ### END SOLUTION

    def loss(self, X, y):
        """Images (N, C, H, W), their classes y (N integers) -> (loss, grads).

        loss   the mean softmax loss, a number
        grads  its gradients: a dict with the names and shapes of self.params
        """
        ### BEGIN SOLUTION
        scores, (conv_cache, relu_cache, pool_cache, affine_cache) = self.forward(X)
        loss, dscores = softmax_loss(scores, y)
        grads = {}
        dpooled, grads["affine_w"], grads["affine_b"] = affine_backward(dscores, affine_cache)
        dactive = max_pool_backward_naive(dpooled, pool_cache)
        dmaps = relu_backward(dactive, relu_cache)
        dX, grads["conv_w"], grads["conv_b"] = conv_backward_fast(dmaps, conv_cache)
        return loss, grads
        ### END SOLUTION

# %% check: ConvNet
check("ConvNet", ConvNet)

# %% test: ConvNet scores, 2 points
score = test("ConvNet", ConvNet, group="scores", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70401)
### END HIDDEN TESTS
score

# %% test: ConvNet predict, 1 point
score = test("ConvNet", ConvNet, group="predict", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70402)
### END HIDDEN TESTS
score

# %% test: ConvNet loss, 2 points
score = test("ConvNet", ConvNet, group="loss", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70403)
### END HIDDEN TESTS
score

# %% test: ConvNet affine gradients, 2 points
score = test("ConvNet", ConvNet, group="affine gradients", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70404)
### END HIDDEN TESTS
score

# %% test: ConvNet conv gradients, 3 points
score = test("ConvNet", ConvNet, group="conv gradients", points=3)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70405)
### END HIDDEN TESTS
score

# %% test: ConvNet non-square images, 2 points
score = test("ConvNet", ConvNet, group="non-square images", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70406)
### END HIDDEN TESTS
score

# %% [markdown]
# The verdicts above compare your gradients with ours. Out in the world there is no "ours". What you
# have there is the numerical gradient of lesson 3: nudge one parameter, and look what the loss
# does. The next cell does it for all parameters of a tiny network of yours.

# %% figure: gradient check
# Below: gradient check
from course_lib.gradients import numerical_gradient, relative_error

rng = np.random.default_rng(3)
small = {"conv_w": rng.standard_normal((2, 1, 3, 3)), "conv_b": rng.standard_normal(2),
         "affine_w": rng.standard_normal((8, 3)), "affine_b": rng.standard_normal(3)}
few_images, few_labels = rng.standard_normal((4, 1, 4, 4)), np.array([0, 2, 1, 1])
try:
    small_loss, small_grads = ConvNet(small, 1).loss(few_images, few_labels)
    for name in small:
        numerical = numerical_gradient(
            lambda value: np.array(ConvNet(small | {name: value}, 1).loss(few_images,
                                                                          few_labels)[0]),
            small[name], np.array(1.0))
        print(f"{name:9} relative error {relative_error(small_grads[name], numerical):.0e}")
    print("Below 1e-6 is fine." if small_loss else "But a loss of exactly 0 is suspicious.")
except Exception as error:
    not_yet(error, "Here the gradients of your own ConvNet meet numerical ones. Come back when "
                   "its check says “passed”, and run this cell again.")

# %% [markdown]
# A warning about this test. A network whose loss is always 0 and whose gradients are all 0 passes
# it perfectly. Numerical gradients show that a network agrees **with itself**. Whether it computes
# what it should is another question.

# %% [markdown]
# ## 7 · Training
# *Medium, 13 minutes.*
#
# The gradient says in which direction the loss grows. So take a small step in the opposite
# direction, for every parameter:
#
# $$\text{parameter} \leftarrow \text{parameter} - \text{learning rate} \cdot \text{gradient}$$
#
# Do it again and again. Three words:
#
# - The gradient of all images would be slow and hardly better than that of a few. A **batch** is
#   the handful of images used for one step.
# - An **epoch** is one trip through all the images, batch by batch. Each image is used once. If the
#   batch size does not divide their number, the last batch is smaller.
# - Before each epoch the images are **shuffled**, so that the batches are never the same.
#
# This is stochastic gradient descent, SGD for short. Here are three epochs of ten images, in
# batches of four. The numbers are those of the images.

# %% figure: one epoch
# Below: one epoch
from course_lib.pictures.picture import INPUT, SERIES, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def epochs_of_ten():
    scene = Scene(20, 6.4)
    rng = np.random.default_rng(2)
    for row in range(3):
        scene.text(0.2, 1.8 + 1.8 * row, f"epoch {row}", 10, ha="left")
        for k, image in enumerate(rng.permutation(10)):
            left = 3.4 + 1.3 * k + 0.9 * (k // 4)
            scene.box(left, 1.2 + 1.8 * row, 1.2, 1.2, tint(SERIES[k // 4], 0.35), SERIES[k // 4])
            scene.text(left + 0.6, 1.8 + 1.8 * row, str(image), 11)
    for k in range(3):
        scene.text(5.9 + 6.1 * k if k < 2 else 16.8, 0.6, f"batch {k}", 10)
    return Picture(scene.figure, "Three epochs of ten images in batches of 4, 4 and 2. Each row "
                   "holds the numbers 0 to 9 once, each in another order.")


epochs_of_ten()

# %% [markdown]
# **Predict first.** We have 1,437 images and batches of 25. How many steps does an epoch have, and
# how large is its last batch?
#
# <details><summary>Answer</summary>
# <p>1437 = 57 · 25 + 12: 57 full batches and one of 12 images. 58 steps.</p>
# </details>
#
# `train` knows nothing about convolution. It works with anything that has `params` and `loss`. To
# try it out there is a much smaller net: a straight line. It writes down what it is shown.

# %% given: PracticeNet
class PracticeNet:
    """A straight line, out = X @ w + b. The loss is half the mean squared error.

    params  {"w": array (D,), "b": array (1,)};  X is (N, D) here, and y holds N numbers
    """

    def __init__(self, params):
        self.params = params
        self.seen = []

    def loss(self, X, y):
        self.seen.append((X, y))
        error = X @ self.params["w"] + self.params["b"] - y
        grads = {"w": X.T @ error / len(y), "b": np.array([error.mean()])}
        return (error**2).mean() / 2, grads

# %% [markdown]
# <details><summary>A hint for the shuffling</summary>
# Never shuffle images and labels apart. Shuffle their numbers: <code>order =
# rng.permutation(len(X))</code>. Then <code>batch = order[start : start + batch_size]</code> holds
# the numbers of one batch, and <code>X[batch]</code> and <code>y[batch]</code> stay together. A
# slice that goes beyond the end is cut off there by itself.
# </details>

# %% answer: train
def train(net, X, y, epochs, batch_size, learning_rate, seed):
    """Train a network by stochastic gradient descent.

    net            has net.params, a dict of arrays, and net.loss(X, y) -> (loss, grads), where
                   grads is a dict with the same names
    X, y           the images and their labels; the first axis counts the images
    epochs         how often each image is used
    batch_size     images for one step; the last batch of an epoch may be smaller
    learning_rate  length of a step, as a multiple of the gradient
    seed           for the shuffling: rng = np.random.default_rng(seed)

    Calls net.loss once for each batch and changes net.params.
    Returns a list with the loss of every batch, before its step.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    losses = []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = net.loss(X[batch], y[batch])
            for name in net.params:
                net.params[name] -= learning_rate * grads[name]
            losses.append(loss)
    return losses
    ### END SOLUTION

# %% check: train
check("train", train, PracticeNet)

# %% test: train one step, 1 point
score = test("train", train, PracticeNet, group="one step", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70501)
### END HIDDEN TESTS
score

# %% test: train many steps, 1 point
score = test("train", train, PracticeNet, group="many steps", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70502)
### END HIDDEN TESTS
score

# %% test: train losses, 1 point
score = test("train", train, PracticeNet, group="losses", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70503)
### END HIDDEN TESTS
score

# %% test: train batches, 2 points
score = test("train", train, PracticeNet, group="batches", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70504)
### END HIDDEN TESTS
score

# %% test: train shuffling, 1 point
score = test("train", train, PracticeNet, group="shuffling", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70505)
### END HIDDEN TESTS
score

# %% [markdown]
# ### The first parameters
#
# Training has to start somewhere. If all filters start equal, they get equal gradients and stay
# equal for ever: eight copies of one filter. So we start with random numbers. How large? A neuron
# adds up many products. Weights of the size $\sqrt{2/n}$, for a neuron with n inputs, keep the
# numbers from growing or fading on their way through the layers (He et al., 2015). Biases may start
# at 0.

# %% given: init_params
def init_params(F, size, pad, seed, image=(1, 8, 8), classes=10):
    """Random parameters for F filters of size x size, for images of shape (C, H, W)."""
    rng = np.random.default_rng(seed)
    C, H, W = image
    D = flat_size(H, W, F, size, pad)
    return {
        "conv_w": rng.standard_normal((F, C, size, size)) * np.sqrt(2 / (C * size * size)),
        "conv_b": np.zeros(F),
        "affine_w": rng.standard_normal((D, classes)) * np.sqrt(2 / D),
        "affine_b": np.zeros(classes),
    }

# %% [markdown]
# ### Now
#
# All parts are there. 8 filters, 15 epochs, batches of 25: this takes a few seconds.

# %% try: training
try:
    net = ConvNet(init_params(F=8, size=5, pad=2, seed=1), pad=2)
    losses = train(net, X_train, y_train, epochs=15, batch_size=25, learning_rate=0.2, seed=1)
except Exception as error:
    net, losses = None, None
    not_yet(error, "This cell trains your network. Come back when the checks of flat_size, "
                   "ConvNet and train say “passed”.")

# %% figure: the training run
# Below: the training run
try:
    per_epoch = [np.mean(losses[k : k + 58]) for k in range(0, len(losses), 58)]
    right, right_before = np.mean(net.predict(X_test) == y_test), np.mean(
        net.predict(X_train) == y_train)
    curve = pictures.loss_curves({"mean loss of 58 steps": per_epoch}, unit="epoch")
    print(f"{right:.1%} of the test images are read right,\n"
          f"and {right_before:.1%} of those it has been trained with.")
    print("Your network can read." if right > 0.93 else
          "It should reach about 97 %. Are all the checks above green?")
except Exception as error:
    curve = None
    not_yet(error, "Here you see how the loss of your own network falls. Come back when your "
                   "network is trained, in section 7.")
curve

# %% [markdown]
# A pile of loops and matrix products, written by you, reads handwriting that it has never seen.
#
# Play a little before you go on. What does a learning rate of 2 do to the loss? And 0.002? What if
# there are only two filters? Change one thing at a time, and predict first.

# %% try: my own network
try:
    my_net = ConvNet(init_params(F=2, size=5, pad=2, seed=1), pad=2)
    my_losses = train(my_net, X_train, y_train, epochs=3, batch_size=25, learning_rate=0.2, seed=1)
    print(f"loss at the end: {np.mean(my_losses[-20:]):.3f}, right on the test images:",
          f"{np.mean(my_net.predict(X_test) == y_test):.1%}")
except Exception as error:
    not_yet(error, "This cell trains another network. Come back when your network is trained, in "
                   "section 7.")

# %% [markdown]
# ## 8 · What has it learned?
# *Looking, 4 minutes.*
#
# Nobody has told the network what a stroke is. Here are the filters it has made for itself, and
# what they answer to one digit.

# %% figure: the learned filters
# Below: the learned filters
try:
    learned = pictures.filter_bank(net.params["conv_w"])
except Exception as error:
    learned = None
    not_yet(error, "Here you see the filters of your own network. Come back when your network is "
                   "trained, in section 7.")
learned

# %% figure: the activation maps
# Below: the activation maps
try:
    maps, _ = conv_forward_fast(X_test[3:4], net.params["conv_w"], net.params["conv_b"],
                                {"stride": 1, "pad": 2})
    answered = pictures.activation_maps(np.maximum(maps[0], 0))
except Exception as error:
    answered = None
    not_yet(error, "Here you see what the filters answer. Come back when your network is trained, "
                   "in section 7.")
answered

# %% [markdown]
# Look for a filter that is red on one side and blue on the other: it answers to an edge or a stroke
# in one direction, like those you made by hand in lesson 2. Not all of them make sense to us, and
# none of them has to. A network this small, trained for seconds, has some lazy filters as well:
# look for a map that is nearly black everywhere.

# %% [markdown]
# ## 9 · What does it look at?
# *Medium, 8 minutes.*
#
# One way to find out is as simple as can be. Cover a part of the image, and see how much the score
# of the right class **drops**. If it drops a lot, the network needed what was there. Do it for
# every place of the patch, and you have a map. This is called **occlusion** (Zeiler and Fergus,
# 2014).
#
# The ink is white here and the paper 0, so "covered" means: set to 0. The picture shows three of
# the places of a patch of 3 x 3.

# %% figure: a patch on its way
covered_images = np.repeat(X_test[4], 3, axis=0)
for covered_image, (top, left) in zip(covered_images, ((0, 0), (2, 3), (5, 5))):
    covered_image[top : top + 3, left : left + 3] = 0
pictures.activation_maps(covered_images, ["row 0, column 0", "row 2, column 3", "row 5, column 5"])

# %% [markdown]
# **Predict first.** An 8 x 8 image and a patch of 3 x 3, moved by one pixel at a time. How many
# places are there? And what will the map say at a place where the image is black anyway?
#
# <details><summary>Answer</summary>
# <p>
# 6 x 6 places, since 8 - 3 + 1 = 6. Where the image is black, covering changes nothing, so the map
# is 0.</p>
# </details>
#
# The function gets the network as a function from images to scores: `scores(X)` takes (N, C, H, W)
# and gives (N, K).

# %% answer: occlusion_map
def occlusion_map(scores, image, label, size):
    """How much the score of a class drops when a patch of the image is covered.

    scores  a function: images of shape (N, C, H, W) -> scores of shape (N, K)
    image   one image of shape (C, H, W); it stays as it is
    label   the class whose score we watch
    size    height and width of the patch; covered pixels become 0, in all channels

    Returns an array of shape (H - size + 1, W - size + 1). Entry (i, j) belongs to the patch whose
    upper left corner is in row i, column j: the score without the patch minus the score with it.
    """
    ### BEGIN SOLUTION
    C, H, W = image.shape
    whole = scores(image[None])[0, label]
    drops = np.zeros((H - size + 1, W - size + 1))
    for i in range(H - size + 1):
        for j in range(W - size + 1):
            covered = image.copy()
            covered[:, i : i + size, j : j + size] = 0
            drops[i, j] = whole - scores(covered[None])[0, label]
    return drops
    ### END SOLUTION

# %% check: occlusion_map
check("occlusion_map", occlusion_map)

# %% test: occlusion_map square images, 1 point
score = test("occlusion_map", occlusion_map, group="square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70601)
### END HIDDEN TESTS
score

# %% test: occlusion_map non-square images, 1 point
score = test("occlusion_map", occlusion_map, group="non-square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70602)
### END HIDDEN TESTS
score

# %% test: occlusion_map colour images, 1 point
score = test("occlusion_map", occlusion_map, group="colour images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=70603)
### END HIDDEN TESTS
score

# %% figure: what it needs
# Below: what it needs
watched = 13  # the number of a test image
try:
    whole_score = net.scores(X_test[watched][None])[0, y_test[watched]]
    drops = occlusion_map(net.scores, X_test[watched], int(y_test[watched]), 3)
    needed = pictures.occlusion(X_test[watched], whole_score - drops, whole_score, 3,
                                (range(6), range(6)), label=f"the score for {y_test[watched]}")
except Exception as error:
    needed = None
    not_yet(error, "Here your own occlusion_map shows what your network needs. Come back when "
                   "both work.")
needed

# %% [markdown]
# Another way is to ask for the gradient of the score with respect to each *pixel*: where would a
# little more ink change the score most? This is called **saliency** (Simonyan et al., 2014). It is a
# `dX` like the one in section 5, but not the same: that one was the gradient of the *loss*. For
# saliency the way back begins at the scores, without the softmax: `dscores` is 1 for the score that
# you ask about, and 0 for the others. The next cell finds it the slow way, by nudging each of the 64
# pixels.

# %% figure: saliency
# Below: saliency
try:
    nudges = 1e-4 * np.eye(64).reshape(64, 1, 8, 8)
    up, down = (net.scores(X_test[watched] + sign * nudges)[:, y_test[watched]]
                for sign in (1, -1))
    salient = pictures.saliency(X_test[watched], ((up - down) / 2e-4).reshape(1, 8, 8),
                                f"the score for {y_test[watched]}")
except Exception as error:
    salient = None
    not_yet(error, "Here you see which pixels matter to your network. Come back when your network "
                   "is trained, in section 7.")
salient

# %% [markdown]
# The two maps need not agree: they ask different questions. Occlusion asks what happens when ink is
# *missing*. Saliency asks about tiny changes, also on blank paper: there, ink would turn the digit
# into another one.

# %% [markdown]
# ## 10 · Where does it fail?
# *Looking, 7 minutes.*
#
# First, the test images it gets wrong. Would you have read them right?

# %% figure: its mistakes
# Below: its mistakes
try:
    said = net.predict(X_test)
    wrong = np.flatnonzero(said != y_test)[:16]
    mistakes = pictures.activation_maps(
        X_test[wrong, 0], [f"{y_test[n]}, read as {said[n]}" for n in wrong])
except Exception as error:
    mistakes = None
    not_yet(error, "Here you see the mistakes of your own network. Come back when your network is "
                   "trained, in section 7.")
mistakes

# %% [markdown]
# Some of these are hard for us, too. So all is well?
#
# **Now for your prediction.** Look up what you wrote at the beginning. The next cell moves all test
# images, by up to two pixels in each direction, and then exchanges black and white.

# %% figure: moved images
# Below: moved images
from course_lib.pictures.picture import OUTPUT, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def shift_table(shares):
    scene = Scene(16, 8.2)
    scene.text(8, 0.5, "right answers in %, by how far the images are moved")
    scene.text(4.3, 4.9, "rows down", 9.5, ha="right")
    scene.text(9, 7.9, "columns to the right", 9.5)
    for k in range(5):
        scene.text(6.6 + 1.2 * k, 7.3, f"{k - 2:+d}" if k != 2 else "0", 9.5)
        scene.text(5.6, 1.6 + 1.2 * k, f"{k - 2:+d}" if k != 2 else "0", 9.5)
    scene.grid(np.round(100 * shares), 6, 1, lambda i, j: tint(OUTPUT, 0.9 * shares[i, j]), 1.2)
    rows = "; ".join(f"{down:+d} down: " + " ".join(f"{share:.0%}" for share in row)
                     for down, row in zip(range(-2, 3), shares))
    return Picture(scene.figure, f"Right answers for moved images: {shares[2, 2]:.0%} where they "
                   f"are, {shares[2, 3]:.0%} one pixel to the right, {shares[2, 4]:.0%} two.",
                   f"From two columns to the left to two to the right. {rows}.")


try:
    shares = np.array([[np.mean(net.predict(data.moved(X_test, down, right)) == y_test)
                        for right in range(-2, 3)] for down in range(-2, 3)])
    shift_picture = shift_table(shares)
    print(f"Black ink on white paper: {np.mean(net.predict(1 - X_test) == y_test):.0%} are right.")
except Exception as error:
    shift_picture = None
    not_yet(error, "Here your own network is put to the test. Come back when your network is "
                   "trained, in section 7.")
shift_picture

# %% [markdown]
# One pixel, and a third of the answers are wrong, in some directions nearly half. And with the ink
# turned black it is *worse than guessing*.
#
# Does that contradict what you know of convolution? A filter finds its stroke anywhere: lesson 4.
# When the image moves, the activation maps move with it. But what comes after them?
#
# Play with single digits before you write your answer.

# %% figure: move a digit
# Below: move a digit
try:
    digit_explorer = widgets.DigitExplorer(net.scores, X_test, y_test)
except Exception as error:
    digit_explorer = None
    not_yet(error, "Here you can move digits in front of your own network. Come back when your "
                   "network is trained, in section 7.")
digit_explorer

# %% [markdown]
# A remedy is to show the network moved images while it learns. The next cell trains a second one,
# with two moved copies of every image beside the original. **Predict first:** will it get better on
# moved images? Will it get worse on those that stay where they are?

# %% try: a remedy
try:
    rng = np.random.default_rng(5)
    copies = [X_train, data.shifted(X_train, 1, rng), data.shifted(X_train, 1, rng)]
    net_2 = ConvNet(init_params(F=8, size=5, pad=2, seed=1), pad=2)
    train(net_2, np.concatenate(copies), np.tile(y_train, 3), epochs=5, batch_size=25,
          learning_rate=0.2, seed=1)
    for name, images in (("as they are", X_test), ("one to the right", data.moved(X_test, 0, 1)),
                         ("two to the right", data.moved(X_test, 0, 2)), ("black ink", 1 - X_test)):
        print(f"{name:17}", f"{np.mean(net_2.predict(images) == y_test):.0%}")
except Exception as error:
    not_yet(error, "This cell trains another network. Come back when your network is trained, in "
                   "section 7.")

# %% [markdown]
# ## 11 · In your own words
# *7 minutes, 3 points, read by a person.*
#
# 1. The filters find their strokes wherever they are, and pooling forgives a little. Why, then,
#    does moving the image by one pixel do so much harm? Say which layer is to blame, and what it
#    has learned.
# 2. Name a remedy, and what it costs or does not cure. Use a number from above.
# 3. "Our network reads 97 % of handwritten digits right." Say, for somebody who wants to buy it,
#    what this sentence does *not* promise. Give two examples, at least one of them measured above.
#
# Studying alone? Save the notebook when you have written yours. Then `solution("where it fails")`,
# in a cell of your own, shows a model answer and the marks to grade yourself by.

# %% essay: where it fails, 3 points [markdown]
# 1. When the image moves, the activation maps move along: the convolution is not to blame. Pooling
# hides only some of it, since a stroke that crosses from one 2 x 2 block into the next one still
# changes the result. The affine layer has a weight of its own for each map *and each place*. It has
# learned "a stroke here speaks for a 4". One pixel further the same stroke meets other weights,
# which were trained for something else.
#
# 2. Training with moved copies lifts the images that are moved by one pixel from about 68 % to 90
#    %. It costs three times as many images, and those that are not moved are read a little worse
#    (96 % in place of 98 %). It does not cure what the network has not been shown: two pixels (46
#    %) and black ink (9 %) are still bad. (Or: a mean over each whole activation map in front of
#    the affine layer. Then places no longer count, but the knowledge of where things are is lost,
#    too.)
#
# 3. The 97 % hold for digits of the same kind: centred by somebody, the same size, white on black.
#    They do not promise anything for digits that are one pixel off (about 68 %) or for black ink (0
#    %). Nor for photographs, for letters, or for a spot of dirt: the network will always name one
#    of ten digits, often with a high probability.
#
# === BEGIN MARK SCHEME ===
# One point for each part.
#
# - **Part 1, 1 point:** the affine layer, because it has weights for each place (or: "has learned
#   where the strokes are"). Only "it has not seen moved images", with no layer named: 0.5. Blaming
#   the convolution: 0.
# - **Part 2, 1 point:** a remedy (moved training images, pooling over the whole map, centring the
#   image before it is read) with a cost or a limit, and one number. Remedy without cost or number:
#   0.5.
# - **Part 3, 1 point:** two examples, one with a number measured in the notebook. One example:
#   0.5.
#
# Numbers differ a little between networks; take the student's own.
# === END MARK SCHEME ===

# %% [markdown]
# ## Common mistakes
#
# - **An array changed in place,** of which a cache still needs the old numbers. The forward pass
#   looks right, the gradient is wrong.
# - **Images shuffled without their labels.** The loss stays at 2.3, and nothing crashes.
# - **The mean taken twice or not at all.** `softmax_loss` has divided by N; no layer after it does.
# - **A plus in the training step.** The loss grows.
# - **One order for all epochs.** It learns, a little worse, and nobody notices.
# - **`dscores[:, y] -= 1`** subtracts in whole columns. `dscores[np.arange(N), y] -= 1` picks one
#   entry in each row.
# - **Testing with the images it was trained on.** Keep some aside, if possible by other people.
#
# ## In two lines
#
# A network is its layers in a row, and its backward pass the same row from the other end; training
# is many small steps against the gradient.
# How well it does is known only for images like those it has been tested on.
#
# ## Further reading
#
# - CS231n, *Neural Networks Part 3: Learning and Evaluation*: gradient checks, the loss at the
#   start, learning rates.
# - M. Zeiler, R. Fergus, *Visualizing and Understanding Convolutional Networks* (2014): occlusion.
# - K. Simonyan, A. Vedaldi, A. Zisserman, *Deep Inside Convolutional Networks* (2014): saliency.
# - K. He et al., *Delving Deep into Rectifiers* (2015): how large the first weights should be.
# - R. Zhang, *Making Convolutional Networks Shift-Invariant Again* (2019).
#
# The digits are from the UCI data set *Optical Recognition of Handwritten Digits* (E. Alpaydin,
# C. Kaynak).
#
# Next: lesson 8 counts what networks cost, and finds mistakes in famous notes.
#
# What you have done so far; only your own folder knows it:

# %% figure: my progress
from course_lib import progress

progress()
