# %% [markdown]
# # 3 · Convolution, backward
#
# A network learns by asking one question of each of its weights: if you were a little larger, would
# the result be better or worse? In this lesson you make a convolutional layer answer that question.
#
# **After it you can**
#
# - say what a gradient is, and measure one without any calculus,
# - send a gradient back through a neuron and through a convolutional layer,
# - test a backward pass, and say what such a test does not show,
# - explain why the gradient of a convolution is a convolution again, and why the filter is flipped.
#
# **Time:** about 90 minutes. **You need:** lesson 2, and what a slope is. That x² has the slope 2x
# is all the calculus there is.
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

photo = data.photograph(gray=True)[70:130, 40:120]  # (rows, columns), 0 is black, 1 is white
vertical = np.array([[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]])
numbered = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])  # a filter, easy to follow

# %% [markdown]
# ## Before you start: a prediction
#
# A filter walks over an image of 5 x 5 pixels, with stride 1 and without padding. Its nine weights
# are the numbers from 1 to 9, so that you can tell them apart. The output is 3 x 3.
#
# Now the pixel in the middle gets brighter by 1. Nothing else changes.

# %% figure: one pixel gets brighter
# Below: a brighter pixel
from course_lib.pictures.picture import FILTER, OUTPUT, PAPER, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def brighter_pixel():
    scene = Scene(16.6, 6.4)
    change = np.zeros((5, 5))
    change[2, 2] = 1
    scene.text(2.9, 0.5, "change of the image")
    scene.grid(change, 0.4, 1.1, lambda i, j: tint(WINDOW, 0.6) if (i, j) == (2, 2) else PAPER)
    scene.text(8.4, 0.5, "filter")
    scene.grid(numbered, 6.9, 2.1, tint(FILTER, 0.25))
    scene.arrow((10.4, 3.6), (12.2, 3.6))
    scene.text(14.3, 0.5, "change of the output")
    scene.grid(np.full((3, 3), np.nan), 12.8, 2.1, tint(OUTPUT, 0.35))
    for i in range(3):
        for j in range(3):
            scene.text(13.3 + j, 2.6 + i, "?", 13)
    return Picture(scene.figure, "An image of 5x5 whose middle pixel grows by 1, a 3x3 filter with "
                   "the weights 1 to 9 row by row, and an output of 3x3 with nine question marks.")


brighter_pixel()

# %% [markdown]
# **How much does each of the nine outputs change?** Write your nine numbers into the cell below.

# %% try: my prediction
my_prediction = np.array([[0.0, 0.0, 0.0],
                          [0.0, 0.0, 0.0],
                          [0.0, 0.0, 0.0]])

# %% [markdown]
# To find out you need the layer of lesson 2. Here is one that works.
#
# Beside its output it returns a **cache**: all that the way back will need to know.
#
# **If you have your own, paste it over this one**, together with the functions that it calls. What
# is in its cache is up to you.

# %% given: conv_forward_naive from 02_convolution_forward
from autograder.lessons.given import answer_of
conv_forward_naive = answer_of("02_convolution_forward", "conv_forward_naive")

# %% [markdown]
# And here is the experiment: run the layer, make the pixel brighter, run it again, subtract.

# %% try: the experiment
rng = np.random.default_rng(0)
image = rng.integers(0, 5, (1, 1, 5, 5)).astype(float)
no_bias, plain = np.zeros(1), {"stride": 1, "pad": 0}
one_filter = numbered[None, None]  # two more axes: one filter, one channel

before, _ = conv_forward_naive(image, one_filter, no_bias, plain)
image[0, 0, 2, 2] += 1
after, _ = conv_forward_naive(image, one_filter, no_bias, plain)

print("change of the output:")
print((after - before)[0, 0])
print("your prediction:")
print(my_prediction)

# %% [markdown]
# All nine outputs change, since all nine windows see the middle pixel. And the weights come **back
# to front**: 9 first, 1 last. In the window at the upper left the pixel lies at the lower right, so
# it meets the 9.
#
# Step through it below. The numbers there are others, but the windows go the same way, and only
# places matter now. Keep your eye on the pixel in the middle, in row 2, column 2, counted from 0.
# **Which place of the filter lies on it** in each of the nine steps?

# %% figure: follow one pixel
widgets.ConvolutionStepper(W=5, F=3, S=1, P=0)

# %% [markdown]
# In step 1 it is the last place of the filter, at the lower right. In step 5 it is the middle, and
# in step 9 the first place, at the upper left.
#
# Remember these nine numbers back to front. At the end of the lesson you will know what they mean.

# %% [markdown]
# ## 1 · One neuron, backwards
# *Easy, 9 minutes.*
#
# At the end of every network stands one number that says how wrong it is: the **loss**, L. Smaller
# is better.
#
# Take any number in the network, and make it larger by a tiny step. The loss changes a little, too.
# Change of the loss divided by step: that is the **gradient** of the loss with respect to this
# number. A gradient of 10 says "a step of 0.01 up here makes the loss larger by 0.1".
#
# Every number has its own gradient. So the gradient of an array is an array **of the same shape**.
# Books and code write it differently:
#
# | in books | in our code | shape |
# |---|---|---|
# | $\partial L / \partial \text{out}$ | `dout` | that of `out` |
# | $\partial L / \partial x$ | `dx` | that of `x` |
# | $\partial L / \partial w$ | `dw` | that of `w` |
# | $\partial L / \partial b$ | `db` | that of `b` |
#
# A layer does not see the loss. It is told `dout`, the gradient of its own output, by the layer
# that comes after it. This is called the **upstream gradient**. From it the layer works out the
# other three.
#
# Begin with the smallest layer of all, a single neuron. The picture shows it on the way forward.

# %% figure: a neuron
pictures.neuron(np.array([[3.0, 2.0, 4.0]]), np.array([[2.0, -1.0, 0.5]]), b=1.0)

# %% [markdown]
# **Predict first.** The upstream gradient of this neuron is 10.
#
# 1. The second input, the 2, grows by 0.01. By how much does the output change? And the loss? So
#    what is the gradient of this input?
# 2. Instead its weight, the -1, grows by 0.01. What is the gradient of this weight?
# 3. What is the gradient of the bias?
#
# <details><summary>Answer</summary>
# <p>
# 1. The weight is -1, so the output falls by 0.01. Each unit of output is worth 10 units of loss,
# so the loss falls by 0.1. Divided by the step: <b>-10</b>.<br>
# 2. The input is 2, so the output grows by 0.02 and the loss by 0.2: <b>20</b>.<br>
# 3. The output grows by as much as the bias does: <b>10</b>.</p>
# </details>
#
# You have just used the **chain rule**: along a path from a number to the loss, slopes multiply.
# Now write it for a neuron with any number of inputs.

# %% answer: neuron_backward
def neuron_backward(dout, x_patch, w):
    """The gradients of a neuron, whose output is np.sum(x_patch * w) + b.

    dout     the upstream gradient: one number
    x_patch  what the neuron has seen: an array of shape (C, HH, WW)
    w        its weights: an array of the same shape

    Returns (dx_patch, dw, db): two arrays of shape (C, HH, WW) and one number.
    """
    ### BEGIN SOLUTION
    return dout * w, dout * x_patch, dout
    ### END SOLUTION

# %% check: neuron_backward
check("neuron_backward", neuron_backward)

# %% test: neuron_backward dx, 1 point
score = test("neuron_backward", neuron_backward, group="dx", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30101)
### END HIDDEN TESTS
score

# %% test: neuron_backward dw, 1 point
score = test("neuron_backward", neuron_backward, group="dw", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30102)
### END HIDDEN TESTS
score

# %% test: neuron_backward db, 1 point
score = test("neuron_backward", neuron_backward, group="db", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30103)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 2 · The umpire
# *Medium, 14 minutes.*
#
# Before you write something hard, get yourself an umpire: a function that is slow and simple, and
# can tell you whether the hard one is right. For gradients there is one, and it follows straight
# from the definition. Nudge a number, and look what the result does.
#
# Which way should one nudge? The picture shows the function x² near x = 3. The true slope there is
# 6. You can compare the value at x + h with the one at x. Or you go h to **both** sides.

# %% figure: two ways to measure a slope
# Below: two slopes measured
from course_lib.pictures.picture import FAINT, INK, SERIES, Picture, drawing, figure


@drawing
def two_slopes(h=1.5):
    made = figure(3.4, 6.2, layout="constrained")
    ax = made.subplots()
    xs = np.linspace(0.8, 5, 100)
    ax.plot(xs, xs**2, color=INK, lw=2, label="x²")
    ax.plot(xs, 9 + 6 * (xs - 3), ":", color=FAINT, lw=2, label="true slope: 6")
    for low, style, colour, name in ((3, "--", SERIES[1], "one side"),
                                     (3 - h, "-.", SERIES[0], "both sides")):
        slope = ((3 + h) ** 2 - low**2) / (3 + h - low)
        ax.plot([low, 3 + h], [low**2, (3 + h) ** 2], style, marker="o", lw=2, color=colour,
                label=f"{name}: {slope:g}")
    ax.set(xlabel="x", ylabel="x²", xticks=[3 - h, 3, 3 + h],
           xticklabels=["x - h", "x = 3", "x + h"])
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend()
    return Picture(made, f"The curve of x squared with h = {h}. From x to x + h the slope is "
                   f"{6 + h:g}, from x - h to x + h it is 6, the same as the true slope at 3.")


two_slopes()

# %% [markdown]
# **Predict first.** Work both out for x = 3 and h = 0.5. How far off are they?
#
# <details><summary>Answer</summary>
# <p>One side: (3.5² - 3²)/0.5 = 6.5, off by h. Both sides: (3.5² - 2.5²)/1 = 6, exactly right. On
# other curves both sides are not exact, but the error shrinks like h² and no longer like h.</p>
# </details>
#
# Going to both sides is called a **central difference**. In general:
#
# $$\frac{f(x + h) - f(x - h)}{2h}$$
#
# Two things are left.
#
# First, x is an array. So this has to be done for **each of its numbers alone**, with all others as
# they were.
#
# Second, f(x) is an array too, and the loss depends on each of its numbers. How much, the upstream
# gradient `df` says: one number for each output. A nudge of one input reaches the loss on many
# paths, one through each output. **Along a path slopes multiply, and over the paths they add up.**
# So multiply the change of each output by its `df`, and add up all outputs:
#
# $$\sum \bigl(f(x + h) - f(x - h)\bigr) \cdot \text{df}$$
#
# This is how much the loss has changed on the way from x - h to x + h. Divide by the length of the
# way.
#
# <details><summary>How to loop over an array with any number of axes</summary>
# <p><code>for index in np.ndindex(x.shape):</code> goes through all places. <code>index</code> is a
# tuple such as (0, 2, 1), and <code>x[index]</code> is one number.</p>
# </details>
#
# Two traps. An array that you change stays changed: put each number back before you nudge the next
# one, and leave alone the `x` that was given to you. And a nudge of 0.00001 gets lost in the
# rounding of float32, which keeps seven digits. `x.astype(float)` gives you a copy with sixteen
# digits (float64), which helps with both.

# %% answer: numerical_gradient
def numerical_gradient(f, x, df, h=1e-5):
    """The gradient of sum(f(x) * df) with respect to x, by central differences.

    f   a function that takes an array like x and returns an array
    x   array of any shape
    df  upstream gradient: an array with the shape of f(x)
    h   how far to nudge, to either side

    Returns an array with the shape of x.
    """
    ### BEGIN SOLUTION
    x = x.astype(float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        below = f(x)
        x[index] = old
        gradient[index] = np.sum((above - below) * df) / (2 * h)
    return gradient
    ### END SOLUTION

# %% check: numerical_gradient
check("numerical_gradient", numerical_gradient)

# %% test: numerical_gradient vectors, 1 point
score = test("numerical_gradient", numerical_gradient, group="vectors", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30201)
### END HIDDEN TESTS
score

# %% test: numerical_gradient images, 1 point
score = test("numerical_gradient", numerical_gradient, group="images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30202)
### END HIDDEN TESTS
score

# %% test: numerical_gradient upstream gradient, 1 point
score = test("numerical_gradient", numerical_gradient, group="upstream gradient", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30203)
### END HIDDEN TESTS
score

# %% test: numerical_gradient large steps, 1 point
score = test("numerical_gradient", numerical_gradient, group="large steps", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30204)
### END HIDDEN TESTS
score

# %% test: numerical_gradient everything at once, 1 point
score = test("numerical_gradient", numerical_gradient, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30205)
### END HIDDEN TESTS
score

# %% [markdown]
# Why not train networks like this? Count. Each number of `x` takes two runs of `f`. AlexNet has
# about 61 million weights, so a single step of learning would take 122 million runs. A backward
# pass takes about as long as two forward passes, for all the weights together.

# %% [markdown]
# ## 3 · One row, backwards
# *Medium, two lines, 9 minutes.*
#
# A convolution in one dimension: a filter of two weights slides along a row of four pixels. Each
# line in the picture is one product.

# %% figure: paths between pixels and outputs
# Below: paths to the outputs
from course_lib.pictures.picture import FILTER, INPUT, OUTPUT, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def paths_of_a_row():
    scene = Scene(14, 6.2)
    scene.text(0.4, 1.3, "pixels x", ha="left")
    scene.text(0.4, 4.7, "outputs", ha="left")
    for k in range(4):
        scene.box(3 + 2.6 * k, 0.8, 1, 1, tint(INPUT, 0.3), INPUT)
        scene.text(3.5 + 2.6 * k, 1.3, f"{k + 1}", 12)
    for i in range(3):
        scene.box(4.3 + 2.6 * i, 4.2, 1, 1, tint(OUTPUT, 0.3), OUTPUT)
        scene.text(4.8 + 2.6 * i, 4.7, f"out {i}", 9)
        scene.text(4.8 + 2.6 * i, 5.6, "dout = 1", 9)
        for k, weight in ((i, "10"), (i + 1, "1")):
            start, end = (3.5 + 2.6 * k, 1.8), (4.8 + 2.6 * i, 4.2)
            scene.arrow(start, end, FILTER)
            x, y = 0.7 * start[0] + 0.3 * end[0], 0.7 * start[1] + 0.3 * end[1]
            scene.text(x + (0.5 if k == i else -0.35), y, weight, 10, FILTER, weight="bold")
    return Picture(scene.figure, "Pixels 1, 2, 3, 4 and three outputs. Output i is 10 times pixel "
                   "i plus 1 times pixel i + 1. The two pixels in the middle have two paths each, "
                   "those at the ends one. The upstream gradient is 1 at every output.")


paths_of_a_row()

# %% [markdown]
# **Predict first.** The weights are 10 and 1, the upstream gradient is 1 for each output.
#
# 1. What is `dx`, the gradient of the four pixels? Follow every path backwards: multiply along it,
#    and add up the paths that meet.
# 2. What is `dw`, the gradient of the two weights? The weight 10 is used on three paths.
#
# <details><summary>Answer</summary>
# <p>1. 10, 11, 11, 1. The pixels in the middle are seen by two windows, and so they get two shares:
# 1 + 10.<br>
# 2. 1 + 2 + 3 = 6 for the first weight, and 2 + 3 + 4 = 9 for the second one: the pixels that they
# have met.</p>
# </details>
#
# There are two ways to add all this up: go through the pixels, and ask who has seen them. Or go
# through the outputs, and let each give a share to everything that it was made from. The second is
# much easier, because you know what an output was made from: **each output is a neuron**, and you
# have written its backward pass in section 1.
#
# Fill in the two lines.

# %% answer: row_backward
def row_backward(dout, x, w, stride):
    """The gradients of a convolution along one row, with one channel and no bias.

    dout    upstream gradient: an array with one number for each output
    x       the row of pixels: an array of shape (W,)
    w       the filter: an array of shape (F,)
    stride  pixels from one window to the next

    Returns (dx, dw), with the shapes of x and w.
    """
    F = len(w)
    dx, dw = np.zeros(len(x)), np.zeros(F)
    for i in range(len(dout)):
        left = i * stride
        # Output i was np.sum(x[left : left + F] * w). Its share of the loss is dout[i].
        # Add to dx what the pixels get, and to dw what the weights get.
        ### BEGIN SOLUTION
        dx[left : left + F] += dout[i] * w
        dw += dout[i] * x[left : left + F]
        ### END SOLUTION
    return dx, dw

# %% check: row_backward
check("row_backward", row_backward)

# %% test: row_backward dx windows apart, 1 point
score = test("row_backward", row_backward, group="dx windows apart", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30301)
### END HIDDEN TESTS
score

# %% test: row_backward dx overlapping windows, 1 point
score = test("row_backward", row_backward, group="dx overlapping windows", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30302)
### END HIDDEN TESTS
score

# %% test: row_backward dw, 1 point
score = test("row_backward", row_backward, group="dw", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30303)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 4 · Find the bug: the frame comes off
# *Easy, 5 minutes.*
#
# The forward pass puts a frame of zeros around the image. The zeros get a gradient like all other
# pixels, since the filter has seen them. Nobody wants to know it: the zeros are not part of `x`. So
# the backward pass works on the padded image and takes the frame off at the end.

# %% figure: the frame
pictures.zero_padding(np.arange(1.0, 13.0).reshape(3, 4), pad=1)

# %% [markdown]
# A friend has written the line below. "It has worked with every layer that I have tried," says the
# friend. It is the most frequent mistake of all: of 116 backward passes that people have published,
# we found 68 to be wrong, and 53 of these because of this line.
#
# **Predict first.** For which `pad` does it go wrong, and what comes out? Then run the cell.

# %% try: the friend's unpad
def friends_unpad(dx_padded, pad):
    return dx_padded[:, :, pad:-pad, pad:-pad]


for width in (2, 1, 0):
    framed = np.ones((1, 1, 3 + 2 * width, 4 + 2 * width))
    print("pad", width, "gives the shape", friends_unpad(framed, width).shape)

# %% [markdown]
# <details><summary>A hint</summary>
# <p>
# <code>-pad</code> counts from the end, unless <code>pad</code> is 0. Then <code>-pad</code> is 0,
# and the slice <code>0:0</code> is empty. Say where the image ends in another way.</p>
# </details>
#
# Write it so that it works for every `pad`.

# %% answer: unpad
def unpad(dx_padded, pad):
    """Take the frame off: the opposite of zero padding.

    dx_padded  array of shape (N, C, H + 2*pad, W + 2*pad)
    pad        width of the frame in pixels; 0 means that there is none

    Returns an array of shape (N, C, H, W).
    """
    ### BEGIN SOLUTION
    N, C, height, width = dx_padded.shape
    return dx_padded[:, :, pad : height - pad, pad : width - pad]
    ### END SOLUTION

# %% check: unpad
check("unpad", unpad)

# %% test: unpad pad 1 and more, 1 point
score = test("unpad", unpad, group="pad 1 and more", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30401)
### END HIDDEN TESTS
score

# %% test: unpad pad 0, 1 point
score = test("unpad", unpad, group="pad 0", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30402)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 5 · The convolutional layer, backwards
# *The big one, 22 minutes.*
#
# All parts are there. Every number of the output was made by a neuron, from one window and one
# filter. Go through all of them once more, in the same loops as forwards. This time each number
# does not collect: it **hands out**. Its share goes to the pixels of its window, to the weights of
# its filter, and to the bias.
#
# Here is one step of it, without padding. The output in row 1, column 1 has the upstream gradient
# 3. "So far" is what has been added up from the first output to this one.

# %% figure: one step backwards
# Below: one step backwards
from course_lib.pictures.picture import FILTER, INPUT, OUTPUT, PAPER, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, table, tint
from course_lib.reference.convolution import conv_backward, conv_forward


@drawing
def backward_step(seen, filter_, upstream, row, column):
    HH, WW = filter_.shape
    done = np.arange(upstream.size).reshape(upstream.shape) <= row * upstream.shape[1] + column
    _, cache = conv_forward(seen[None, None], filter_[None, None], np.zeros(1))
    dseen, dfilter, dbias = conv_backward((upstream * done)[None, None], cache)
    window = seen[row : row + HH, column : column + WW]
    d = upstream[row, column]
    scene, tables = Scene(17.6, 13.4), [f"dout\n{table(upstream)}"]
    scene.text(2, 4.9, "dout")
    scene.grid(upstream, 0.5, 5.4,
               lambda i, j: tint(OUTPUT, 0.75 if (i, j) == (row, column) else 0.15))
    one = np.ones((1, 1))
    for middle, name, values, colour, share, total, label in (
        (3.2, "filter", filter_, FILTER, d * filter_, dseen[0, 0], "dx so far"),
        (8.1, "window of x", window, INPUT, d * window, dfilter[0, 0], "dw so far"),
        (11.9, "the bias counts once", one, PAPER, d * one, one * dbias[0], "db so far"),
    ):
        scene.arrow((3.6, 6.9), (4.9, middle))
        scene.text(5.4, middle, f"{d:g} ×", 12)
        rows, columns = values.shape
        scene.text(7.1, middle - rows / 2 - 0.6, name)
        scene.grid(values, 7.1 - columns / 2, middle - rows / 2, tint(colour, 0.25))
        scene.text(8.7, middle, "=", 13)
        scene.text(10.3, middle - rows / 2 - 0.6, "share")
        scene.grid(share, 10.3 - columns / 2, middle - rows / 2, tint(WINDOW, 0.35))
        scene.arrow((11.6, middle), (12.8, middle))
        high, wide = total.shape
        scene.text(13.2 + wide / 2, middle - high / 2 - 0.6, label)
        tables += [f"share, {d:g} times the {name}\n{table(share)}" if values.size > 1 else
                   f"share of the bias\n{table(share)}", f"{label}\n{table(total)}"]
        # All of dw and db gets a share, and of dx the window.
        first = (row, column) if total.shape == seen.shape else (0, 0)
        scene.grid(total, 13.2, middle - high / 2, lambda i, j, first=first: tint(WINDOW, 0.35) if (
            0 <= i - first[0] < HH and 0 <= j - first[1] < WW) else PAPER)
    alt = (f"One step of the backward pass, for the output in row {row}, column {column}, with "
           f"upstream gradient {d:g}. {d:g} times the filter is added to the window's place in "
           f"dx; {d:g} times the window is added to dw; {d:g} is added to db.")
    return Picture(scene.figure, alt, "\n\n".join(tables))


backward_step(np.array([[1.0, 0, 2, 1], [0, 2, 1, 0], [1, 1, 0, 2], [2, 0, 1, 1]]),
              np.array([[1.0, 2.0], [0.0, -1.0]]),
              np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0], [2.0, 1.0, 0.0]]), row=1, column=1)

# %% [markdown]
# **Predict first.** `x` has shape (2, 3, 5, 7), `w` has shape (4, 3, 3, 3), stride 1, padding 1.
# Then `dout` has shape (2, 4, 5, 7).
#
# 1. How many numbers does `db` have? How many numbers of `dout` are added up in each of them?
# 2. How many windows give a share to each number of `dw`?
#
# <details><summary>Answer</summary>
# <p>
# 1. <code>db</code> has 4 numbers, one for each filter. Each is the sum of 2 · 5 · 7 = 70 numbers
# of <code>dout</code>: all places of all images.<br>
# 2. Each weight has been used in the same 70 windows.</p>
# </details>
#
# A plan:
#
# 1. Unpack the cache, and read all sizes off the shapes.
# 2. Pad `x`. Make three arrays of zeros: for the gradient of the *padded* `x`, for `dw`, for `db`.
# 3. Go through all images, filters, rows and columns of `dout`. The window is where it was in the
#    forward pass.
# 4. Hand out three shares, each with `+=`.
# 5. Take the frame off. Use your `unpad`.
#
# Do not write `np.zeros_like(x)`: should x ever hold whole numbers, the zeros are whole numbers
# too. Then NumPy refuses to add fractions to a window of them, and cuts off the fraction of what
# you add to a single one.
#
# <details><summary>Stuck? Here are the lines of one solution, out of order and without their
# indentation.</summary>
# <ul>
# <li><code>dw[f] += d * window</code></li>
# <li><code>for i in range(H2):</code></li>
# <li><code>x, w, b, conv_param = cache</code></li>
# <li><code>d = dout[n, f, i, j]</code></li>
# <li><code>dx_padded, dw, db = np.zeros(x_padded.shape), np.zeros(w.shape), np.zeros(F)</code></li>
# <li><code>for n in range(N):</code></li>
# <li><code>return unpad(dx_padded, pad), dw, db</code></li>
# <li><code>window = x_padded[n, :, top : top + HH, left : left + WW]</code></li>
# <li><code>N, F, H2, W2 = dout.shape</code></li>
# <li><code>for j in range(W2):</code></li>
# <li><code>db[f] += d</code></li>
# <li><code>stride, pad = conv_param["stride"], conv_param["pad"]</code></li>
# <li><code>top, left = i * stride, j * stride</code></li>
# <li><code>dx_padded[n, :, top : top + HH, left : left + WW] += d * w[f]</code></li>
# <li><code>HH, WW = w.shape[2:]</code></li>
# <li><code>for f in range(F):</code></li>
# <li><code>x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))</code></li>
# </ul>
# </details>

# %% answer: conv_backward_naive
def conv_backward_naive(dout, cache):
    """A convolutional layer, backward.

    dout   upstream gradient: an array of shape (N, F, H2, W2), that of the layer's output
    cache  what conv_forward_naive has returned beside the output

    Returns (dx, dw, db), with the shapes of x (N, C, H, W), w (F, C, HH, WW) and b (F,).
    """
    ### BEGIN SOLUTION
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, F, H2, W2 = dout.shape
    HH, WW = w.shape[2:]
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_padded, dw, db = np.zeros(x_padded.shape), np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(H2):
                for j in range(W2):
                    top, left = i * stride, j * stride
                    window = x_padded[n, :, top : top + HH, left : left + WW]
                    d = dout[n, f, i, j]
                    dx_padded[n, :, top : top + HH, left : left + WW] += d * w[f]
                    dw[f] += d * window
                    db[f] += d
    return unpad(dx_padded, pad), dw, db
    ### END SOLUTION

# %% check: conv_backward_naive
check("conv_backward_naive", conv_backward_naive, conv_forward_naive)

# %% [markdown]
# Each of the following cells grades one part of the job: one of the three gradients, in one kind of
# situation. Only the last one asks for all three at once. So you can earn `dw` while `dx` is still
# wrong.

# %% test: conv_backward_naive db, 1 point
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="db", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30501)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dw one filter, 2 points
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dw one filter", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30502)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dw many images, 1 point
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dw many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30503)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dw stride, 1 point
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dw stride", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30504)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dw non-square, 1 point
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dw non-square", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30505)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dx one filter, 3 points
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dx one filter", points=3)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30506)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dx many filters, 1 point
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dx many filters", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30507)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dx many images, 1 point
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dx many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30508)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dx pad 0, 2 points
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dx pad 0", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30509)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dx pad 2, 1 point
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dx pad 2", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30510)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dx stride, 2 points
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dx stride", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30511)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive dx non-square, 2 points
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="dx non-square", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30512)
### END HIDDEN TESTS
score

# %% test: conv_backward_naive all together, 1 point
score = test("conv_backward_naive", conv_backward_naive, conv_forward_naive,
             group="all together", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30513)
### END HIDDEN TESTS
score

# %% [markdown]
# **Now ask your umpire.** The verdicts above compare your gradients with ours. Out in the world
# there is no "ours". There you do what the next cell does: it lets your `numerical_gradient` loose
# on your layer. This is called a **gradient check**. The difference should be tiny: below 1e-7,
# which is 0.0000001.
#
# Change the stride, the padding or the shapes, and run it again.

# %% try: a gradient check
rng = np.random.default_rng(1)
x, w = rng.standard_normal((2, 3, 5, 4)), rng.standard_normal((2, 3, 3, 2))
b, conv_param = rng.standard_normal(2), {"stride": 1, "pad": 1}
out, cache = conv_forward_naive(x, w, b, conv_param)
dout = rng.standard_normal(out.shape)
try:
    dx, dw, db = conv_backward_naive(dout, cache)
    for name, mine, nudged, layer in (
        ("dx", dx, x, lambda x: conv_forward_naive(x, w, b, conv_param)[0]),
        ("dw", dw, w, lambda w: conv_forward_naive(x, w, b, conv_param)[0]),
        ("db", db, b, lambda b: conv_forward_naive(x, w, b, conv_param)[0]),
    ):
        measured = numerical_gradient(layer, nudged, dout)
        print(name, "largest difference", f"{np.abs(mine - measured).max():.0e}")
except Exception as error:
    not_yet(error, "This cell compares your numerical_gradient with your conv_backward_naive. "
                   "Come back when their checks say “passed”.")

# %% [markdown]
# ## 6 · Downhill
# *Looking, 5 minutes.*
#
# What is a gradient good for? It says which way is up. Take a small step in the opposite direction,
# and the loss gets smaller. Networks learn by doing so with their weights. We do it with the
# **pixels of a photograph**, because there you can see what happens.
#
# Our loss: run the vertical edge filter of lesson 2 over the photograph, square all its answers,
# add them up, and take half of it. It is large if there are many strong vertical edges.
#
# The upstream gradient is easy here. x² has the slope 2x, so ½ out² has the slope out: `dout` is
# the output itself.
#
# **Predict first.** We take 15 steps downhill. What will the photograph look like? What will be
# gone, and what will still be there?

# %% figure: downhill
# Below: downhill
try:
    images, uphill, losses = [photo[None, None]], [], []
    for _ in range(16):
        answers, layer_cache = conv_forward_naive(images[-1], vertical[None, None], np.zeros(1),
                                                  {"stride": 1, "pad": 1})
        losses.append(np.sum(answers**2) / 2)
        uphill.append(conv_backward_naive(answers, layer_cache)[0])
        images.append(images[-1] - 0.02 * uphill[-1])
    print(f"the loss falls from {losses[0]:.0f} to {losses[15]:.0f} in 15 steps")
    # A few pixels have fallen a little below 0, which is black.
    downhill = pictures.filtered_versions(
        photo, {"gradient of its pixels": uphill[0][0, 0],
                "after 15 steps": np.maximum(images[15][0, 0], 0)})
except Exception as error:
    downhill = None
    not_yet(error, "Here your own layer changes the photograph. Come back when the check of "
                   "conv_backward_naive says “passed”, and run this cell again.")
downhill

# %% [markdown]
# The pillars have melted away. The lines of the roof are still there, because the filter does not
# see horizontal edges: where it answers 0, there is nothing to gain.
#
# The program knows nothing of pillars. It had a loss and a gradient, and it went downhill.

# %% [markdown]
# ## 7 · The gradient of a convolution is a convolution
# *Medium, 13 minutes.*
#
# Look at `dx` alone. The filter is the one with the numbers 1 to 9, divided by 9. Three outputs
# have a gradient: 1, 1 and -1. All others have 0. This is what your function makes of them:

# %% figure: stamps
# Below: stamps
spots = np.zeros((1, 1, 7, 9))
spots[0, 0, 0, 0], spots[0, 0, 2, 5], spots[0, 0, 4, 6] = 1, 1, -1
try:
    _, stamp_cache = conv_forward_naive(np.zeros((1, 1, 9, 11)), numbered[None, None] / 9,
                                        np.zeros(1), {"stride": 1, "pad": 0})
    stamped, _, _ = conv_backward_naive(spots, stamp_cache)
    stamps = pictures.activation_maps(np.stack([np.pad(spots[0, 0], 1), stamped[0, 0]]),
                                      ["dout, with a rim of zeros", "your dx"])
except Exception as error:
    stamps = None
    not_yet(error, "Here you see the dx of your own layer. Come back when the check of "
                   "conv_backward_naive says “passed”, and run this cell again.")
stamps

# %% [markdown]
# Each output **stamps** the filter onto `dx`, as it is, times its gradient. Where stamps overlap,
# they add up.
#
# Now look at it from the other side, as a pixel. Which outputs have seen me, and with which weight?
# That was the question at the very beginning. The windows to my upper left have seen me with their
# last weight, those to my lower right with their first one: 9, 8, 7, 6, 5, 4, 3, 2, 1. So my
# gradient is a window of `dout`, times the filter **back to front**, added up.
#
# A window, times fixed weights, added up, at every place: that is a convolution. So `dx` can be
# computed by **the forward function of lesson 2**. Its input is now `dout`, with zeros around it,
# and its filter is the old one, flipped: upside down and left to right. The picture shows the step
# for the pixel in the middle.

# %% figure: a pixel collects
pictures.filter_step(np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0], [2.0, 1.0, 0.0]]),
                     numbered[::-1, ::-1], pad=2, row=2, column=2)

# %% [markdown]
# **Predict first.** Three questions. They are all you need to write the function.
#
# 1. A filter of 3 x 3, stride 1, no padding: `x` is 5 x 5 and `dout` is 3 x 3. Which padding must
#    `dout` get so that the new convolution gives 5 x 5 again?
# 2. And if `x` had padding 1 in the forward pass, so that `dout` is 5 x 5 as well?
# 3. `w` has shape (F, C, K, K). The new convolution takes the F channels of `dout` and makes the C
#    channels of `dx`. Which shape must its filters have?
#
# <details><summary>Answer</summary>
# <p>
# 1. 2: the size is 3 - 3 + 2 · 2 + 1 = 5. In general K - 1, so that the window of the first pixel
# holds a single output.<br>
# 2. 1: the size is 5 - 3 + 2 · 1 + 1 = 5. In general K - 1 - pad.<br>
# 3. (C, F, K, K). Exchange the first two axes with <code>transpose</code>: <code>reshape</code>
# would mix the numbers up.</p>
# </details>
#
# `a[::-1]` turns the first axis of an array around, `a[:, ::-1]` the second one, and so on.

# %% answer: dx_by_convolution
def dx_by_convolution(dout, w, pad):
    """The gradient dx of a convolution with stride 1, by another convolution.

    dout  upstream gradient: an array of shape (N, F, H2, W2)
    w     the filters: an array of shape (F, C, K, K), as high as they are wide
    pad   the padding in the forward pass, at most K - 1

    Returns dx, an array of shape (N, C, H2 + K - 1 - 2*pad, W2 + K - 1 - 2*pad).
    No loops: one call of conv_forward_naive does the work.
    """
    ### BEGIN SOLUTION
    F, C, K, K = w.shape
    flipped = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    dx, _ = conv_forward_naive(dout, flipped, np.zeros(C), {"stride": 1, "pad": K - 1 - pad})
    return dx
    ### END SOLUTION

# %% check: dx_by_convolution
check("dx_by_convolution", dx_by_convolution)

# %% test: dx_by_convolution one filter, 1 point
score = test("dx_by_convolution", dx_by_convolution, group="one filter", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30601)
### END HIDDEN TESTS
score

# %% test: dx_by_convolution many filters, 1 point
score = test("dx_by_convolution", dx_by_convolution, group="many filters", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30602)
### END HIDDEN TESTS
score

# %% test: dx_by_convolution padding, 1 point
score = test("dx_by_convolution", dx_by_convolution, group="padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=30603)
### END HIDDEN TESTS
score

# %% [markdown]
# **And `dw`?** A weight has met one pixel of each window. Move all windows by one pixel: they meet
# its neighbour. So `dw` comes from laying `dout` onto `x` like a large filter, one step for each
# weight. In a convolution the channels are added up. Here the images are, so images and channels
# change places: that is what the three `transpose` are for.

# %% try: dw is a convolution too
rng = np.random.default_rng(2)
x, w = rng.standard_normal((2, 3, 6, 7)), rng.standard_normal((4, 3, 3, 2))
out, cache = conv_forward_naive(x, w, np.zeros(4), {"stride": 1, "pad": 0})
dout = rng.standard_normal(out.shape)

by_hand, _ = conv_forward_naive(x.transpose(1, 0, 2, 3), dout.transpose(1, 0, 2, 3), np.zeros(4),
                                {"stride": 1, "pad": 0})
by_hand = by_hand.transpose(1, 0, 2, 3)
print("shape of w", w.shape, "and of the new convolution", by_hand.shape)
try:
    print("largest difference to your dw:",
          f"{np.abs(by_hand - conv_backward_naive(dout, cache)[1]).max():.0e}")
except Exception as error:
    not_yet(error, "This cell needs your conv_backward_naive. Come back when its check says "
                   "“passed”.")

# %% [markdown]
# So a machine that is good at one thing, convolution, can run a network forwards, run it backwards,
# and learn.
#
# What about larger strides? Then outputs are missing between those that exist. Put zeros in their
# places, and everything above holds again. Run on its own, as a layer that makes images *larger*,
# this is known as **transposed convolution**.

# %% [markdown]
# ## 8 · In your own words
# *8 minutes, 3 points, read by a person.*
#
# Answer in four to six sentences:
#
# 1. A filter of 3 x 3 walks over an image of 5 x 5, with stride 1 and no padding. From how many
#    outputs does a pixel in the corner collect its gradient, and from how many does the pixel in
#    the middle? What does that mean for `+=` in your loop?
# 2. Why is the filter back to front in `dx_by_convolution`, and not in your loop in
#    `conv_backward_naive`?
# 3. A friend's layer returns zeros, forwards and backwards, whatever it is given. The gradient
#    check finds a difference of exactly 0. What has the gradient check shown, and what has it not?
#
# Studying alone? Save the notebook when you have written yours. Then `solution("back to front")`,
# in a cell of your own, shows a model answer and the marks to grade yourself by.

# %% essay: back to front, 3 points [markdown]
# 1. The corner is seen by one window only, so it collects from 1 output. The pixel in the middle
# lies in all 9 windows and collects from 9 outputs. The loop comes to the same pixel several times,
# once for each window, and all these shares belong into its gradient. With `=` the last window
# would wipe out the others.
#
# 2. In the loop an output hands out its share: it knows its window, and each pixel of it gets the
# weight that lay on it, so the filter lies as in the forward pass. `dx_by_convolution` takes the
# side of the pixel, which collects from the outputs around it. The further left and up the output,
# the further right and down lay the pixel in its window. So going through the outputs forwards
# means going through the weights backwards.
#
# 3. It has shown that the backward pass belongs to the forward pass: zeros do have the gradient
# zero. It has not shown that the forward pass computes a convolution. One has to compare the output
# with something known as well.
#
# === BEGIN MARK SCHEME ===
# One point for each part.
#
# - **Part 1, 1 point:** 1 and 9, and that shares of several windows have to be added (or: that `=`
#   would keep the last one only). Right numbers alone, or the sum alone: 0.5.
# - **Part 2, 1 point:** says that the loop goes from an output to its pixels and the convolution
#   from a pixel to its outputs, and that this turns the order of the weights around. Only one of
#   the two sides, or "the offset changes its sign" without a word on who collects: 0.5. "Because
#   convolution flips the filter" or "because it is backwards": 0.
# - **Part 3, 1 point:** the check compares forward and backward pass with each other, not with what
#   is wanted. "The gradients are right, but the layer is useless", without the reason: 0.5. "The
#   check is broken": 0.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## Common mistakes
#
# - **`[pad:-pad]`** is empty for `pad` 0. Say where the image ends: `pad : height - pad`.
# - **`=` for `+=`.** A pixel has been seen by many windows, and a weight was used in all of them.
#   Every share counts.
# - **The stride in one window and not in the other.** There are two in the loop: the one that is
#   read, for `dw`, and the one that is written to, for `dx`. They are the same window.
# - **Dividing by the number of images.** If the loss is a mean, its `dout` is small already.
# - **Globals.** A function that works in the notebook because it finds an `x` there, and not in its
#   cache, fails on the next layer.
# - **A damaged cache.** If the forward pass changes `x` after it has stored it, a right backward
#   pass gets the wrong image.
#
# ## In two lines
#
# Each output hands its upstream gradient on to all it was made from: times the weights to the
# pixels, times the pixels to the weights. Shares add up; seen from a pixel, that is a convolution
# of `dout` with the flipped filter.
#
# ## Further reading
#
# - CS231n, *Backpropagation, Intuitions*: the chain rule as a circuit of gates.
# - CS231n, *Neural Networks Part 3*, "Gradient Checks": what to look out for when you let the
#   umpire decide.
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016), chapter 4:
#   transposed convolution in pictures.
#
# Next: lesson 4 asks why the same filter should be used at every place, and what it costs if not.
#
# What you have done so far; only your own folder knows it:

# %% figure: my progress
from course_lib import progress

progress()
