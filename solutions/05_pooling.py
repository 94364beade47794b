# %% [markdown]
# # 5 · Pooling
#
# A convolution tells you, at every place of an image, how strongly its filter answers. These
# answers are its **activation map**. Often that is more than you want to know. **Pooling** makes
# the maps smaller: it looks at small windows and makes one number of each.
#
# **After it you can**
#
# - write pooling by maximum, average and L2 norm, for windows of any shape and any stride,
# - say what pooling keeps, what it throws away, and that it learns nothing,
# - predict what a small shift of an image does to a pooled map, and measure it,
# - send a gradient back through a window, also where windows overlap.
#
# **Time:** about 90 minutes. **You need:** sizes (lesson 1), windows and strides (lesson 2), and
# the upstream gradient (lesson 3).
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

photo = data.photograph(gray=True)[:212]  # (rows, columns), 0 is black, 1 is white

# %% [markdown]
# ## Before you start: a prediction
#
# Here is a photograph of 212 x 320 pixels. Cut it into blocks of 4 x 4 pixels. In every block keep
# **the brightest pixel** and throw the other 15 away. What is left is an image of 53 x 80.

# %% figure: the photograph
pictures.activation_maps(photo[None], ["photograph"])

# %% [markdown]
# **What will the small image look like?** Will you still know what it shows? What becomes of the
# dark spire on top of the roof, against the bright sky? And what of the dark trees?
#
# Write a sentence down. You will see the answer when your own code has made it.

# %% try: my prediction
prediction = "I think the spire will ... and the trees will ..."

# %% [markdown]
# ## 1 · Windows again
# *Reading and playing, 7 minutes.*
#
# You know windows and strides from the convolution. Pooling has the same windows, but no filter. It
# does not multiply. From each window it takes the largest number, and that is all. This is **max
# pooling**. Here the windows are 2 x 2 and the stride is 2, so they stand side by side.

# %% figure: side by side
pictures.pool_windows(np.array([[1.0, 0, 2, 3], [4, 6, 5, 8], [3, 1, 1, 0], [1, 2, 2, 4]]), 2, 2, 2)

# %% [markdown]
# Three things follow from this.
#
# - **There is nothing to learn.** A pooling layer has 0 parameters: no weights, no bias.
# - **Each activation map is pooled alone.** A filter of a convolution goes through all channels. A
#   pooling window stays in one. So the number of maps, the depth, does not change.
# - **No padding is needed.** Making maps smaller is the purpose here.
#
# The sizes are those of lesson 1 with padding 0. With windows of F x F and stride S, a side of W
# numbers becomes (W - F)/S + 1. As in lesson 2, a table is the bridge between the CS231n notes and
# our code. There N is the number of images, and C, for channels, is the depth D of the notes.
#
# | | the notes | our code |
# |---|---|---|
# | size of a window | F, height and width alike | `pool_height`, `pool_width` |
# | stride | S | `stride` |
# | input | W x H x D | `x` of shape (N, C, H, W) |
# | output | W2 x H2 x D | `out` of shape (N, C, H2, W2) |
#
# Two settings are in common use: F = 2 with S = 2, and F = 3 with S = 2. In the second the stride
# is smaller than the window. So **the windows overlap**: some numbers are seen by two of them, or
# by four. With larger windows too much gets lost, the notes say.

# %% figure: overlapping windows
pictures.pool_windows(np.array([[1.0, 0, 2, 3, 1], [4, 6, 5, 2, 0], [3, 1, 9, 0, 2],
                                [1, 2, 2, 4, 3], [0, 5, 1, 2, 7]]), 3, 3, 2)

# %% [markdown]
# **Predict first.** A volume of 224 x 224 x 64 goes through max pooling with F = 2 and S = 2.
#
# 1. What size comes out, in the notes' order? And which shape in ours, for one image?
# 2. Which part of the numbers is kept?
# 3. How many parameters does the layer have?
#
# <details><summary>Answer</summary>
# <p>1. 112 x 112 x 64, since (224 - 2)/2 + 1 = 112 and the depth stays. In our order it is
# (1, 64, 112, 112).<br>
# 2. One of four: 25 %. Both sides are halved.<br>
# 3. None. 0.</p>
# </details>
#
# Now play. Set F to 3 and S to 2 with a map size of 7. What happens for a map size of 6? Then
# switch to the average: each window gives the mean of its numbers. That is for section 3.

# %% figure: the pooling explorer
widgets.PoolingExplorer(W=6, F=2, S=2)

# %% [markdown]
# ## 2 · Max pooling, forward
# *Medium, 14 minutes.*
#
# In code a window need not be square. Here is a step with windows of 2 x 3, that is 2 rows and 3
# columns, and stride 2. It makes the number in row 1, column 1 of the output.

# %% figure: one step of max pooling
pictures.pool_step(np.array([[3.0, 1, 0, 2, 4, 1, 5], [2, 5, 1, 0, 3, 2, 1],
                             [0, 2, 4, -1, 6, 0, 2], [1, 3, 2, 7, 5, 1, 0]]),
                   2, 3, 2, row=1, column=1)

# %% [markdown]
# **Predict first.** `x` has shape (2, 3, 6, 8), the windows are 4 high and 2 wide, the stride is 2.
# What is the shape of the output? And if all numbers in a window are negative: what is its maximum?
#
# <details><summary>Answer</summary>
# <p>
# (2, 3, 2, 4): (6 - 4)/2 + 1 = 2 rows and (8 - 2)/2 + 1 = 4 columns. Images and channels stay.<br>
# The negative number that is nearest to 0. It is not 0: nobody has put a 0 into the window.</p>
# </details>
#
# The plan is that of `conv_forward_naive`, without padding and without filters. The windows always
# fit exactly, so you may use `//`. The cache is for the way back, in section 8. There you will want
# to know where in each window the largest number was. This can be found again from `x`, so
# `(x, pool_param)` is enough.
#
# <details><summary>Stuck? Here are the lines of one solution, out of order and without their
# indentation.</summary>
# <ul>
# <li><code>for j in range(W2):</code></li>
# <li><code>out = np.zeros((N, C, H2, W2))</code></li>
# <li><code>W2 = (W - wide) // stride + 1</code></li>
# <li><code>for c in range(C):</code></li>
# <li><code>window = x[n, c, top : top + high, left : left + wide]</code></li>
# <li><code>high, wide = pool_param["pool_height"], pool_param["pool_width"]</code></li>
# <li><code>return out, (x, pool_param)</code></li>
# <li><code>for n in range(N):</code></li>
# <li><code>top, left = i * stride, j * stride</code></li>
# <li><code>H2 = (H - high) // stride + 1</code></li>
# <li><code>N, C, H, W = x.shape</code></li>
# <li><code>out[n, c, i, j] = window.max()</code></li>
# <li><code>stride = pool_param["stride"]</code></li>
# <li><code>for i in range(H2):</code></li>
# </ul>
# </details>

# %% answer: max_pool_forward_naive
def max_pool_forward_naive(x, pool_param):
    """Max pooling, forward.

    x           activation maps: an array of shape (N, C, H, W)
    pool_param  a dict: pool_param["pool_height"], pool_param["pool_width"] and
                pool_param["stride"] are ints

    Returns (out, cache).
    out         array of shape (N, C, H2, W2) with
                H2 = (H - pool_height)/stride + 1 and W2 = (W - pool_width)/stride + 1
    cache       a tuple of your choice, for the backward pass; (x, pool_param) will do
    """
    ### BEGIN SOLUTION
    high, wide = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    N, C, H, W = x.shape
    H2 = (H - high) // stride + 1
    W2 = (W - wide) // stride + 1
    out = np.zeros((N, C, H2, W2))
    for n in range(N):
        for c in range(C):
            for i in range(H2):
                for j in range(W2):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + high, left : left + wide]
                    out[n, c, i, j] = window.max()
    return out, (x, pool_param)
    ### END SOLUTION

# %% check: max_pool_forward_naive
check("max_pool_forward_naive", max_pool_forward_naive)

# %% [markdown]
# Each of the following cells grades one part of the job, so a single mistake costs its own part.

# %% test: max_pool_forward_naive one map, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="one map", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50101)
### END HIDDEN TESTS
score

# %% test: max_pool_forward_naive many maps, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="many maps", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50102)
### END HIDDEN TESTS
score

# %% test: max_pool_forward_naive many images, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50103)
### END HIDDEN TESTS
score

# %% test: max_pool_forward_naive negative values, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="negative values", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50104)
### END HIDDEN TESTS
score

# %% test: max_pool_forward_naive stride, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="stride", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50105)
### END HIDDEN TESTS
score

# %% test: max_pool_forward_naive non-square images, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="non-square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50106)
### END HIDDEN TESTS
score

# %% test: max_pool_forward_naive non-square windows, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="non-square windows", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50107)
### END HIDDEN TESTS
score

# %% test: max_pool_forward_naive large window, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="large window", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50108)
### END HIDDEN TESTS
score

# %% test: max_pool_forward_naive everything at once, 1 point
score = test("max_pool_forward_naive", max_pool_forward_naive, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50109)
### END HIDDEN TESTS
score

# %% [markdown]
# Now for your prediction. On the left is the photograph. In the middle your layer has kept the
# brightest pixel of each block. On the right it has kept the darkest. (The trick: the darkest pixel
# is the brightest one of the negative.)

# %% figure: the brightest of sixteen
# Below: brightest of sixteen
blocks = {"pool_height": 4, "pool_width": 4, "stride": 4}
try:
    brightest, _ = max_pool_forward_naive(photo[None, None], blocks)
    negative, _ = max_pool_forward_naive(1 - photo[None, None], blocks)
    pooled_photo = pictures.filtered_versions(
        photo, {"the brightest of 16": brightest[0, 0], "the darkest of 16": 1 - negative[0, 0]})
except Exception as error:
    pooled_photo = None
    not_yet(error, "Here your own max_pool_forward_naive shrinks the photograph. Come back when "
                   "its check says “passed”, and run this cell again.")
pooled_photo

# %% [markdown]
# With one number of sixteen you still see what it is. But the spire has almost gone: wherever a bit
# of sky is in the block, the sky wins. The trees have turned grey, because in each block there was
# one bright leaf. In the right picture the spire is fat, and the trees are a dark mass.
#
# So max pooling is not fair. It keeps what is **large** and forgets where in the block it was. On a
# photograph that is odd. On an activation map it is the point: a large number says "here is what my
# filter looks for".

# %% [markdown]
# ## 3 · Average and L2 norm
# *Easy, 10 minutes, two functions.*
#
# Other rules are possible. **Average pooling** takes the mean of the window. In older networks it
# was common. **L2 pooling** takes the square root of the sum of the squares, which is called the
# **L2 norm**:
#
# $$\sqrt{x_0^2 + x_1^2 + x_2^2 + \dots}$$
#
# In a window of 3 and 4, and zeros otherwise, this is 5. Nothing is divided by the number of
# values.
#
# Here are both, on the same window.

# %% figure: average
pictures.pool_step(np.array([[3.0, 0, 1, 2], [0, 4, 2, 1], [1, 1, 0, -6], [2, 0, 8, 0]]),
                   2, 2, 2, kind="average", row=1, column=1)

# %% figure: L2 norm
pictures.pool_step(np.array([[3.0, 0, 1, 2], [0, 4, 2, 1], [1, 1, 0, -6], [2, 0, 8, 0]]),
                   2, 2, 2, kind="L2", row=1, column=1)

# %% [markdown]
# **Predict first.** A filter answers 6 in one place of a window of 2 x 2, and 0 in the others. What
# do the maximum, the average and the L2 norm say? And what if it answers -6 in that one place?
#
# <details><summary>Answer</summary>
# <p>
# 6, 1.5 and 6. With -6 they say 0, -1.5 and 6. The average gets smaller with every quiet number in
# the window. The L2 norm does not care about signs.</p>
# </details>
#
# Both functions differ from `max_pool_forward_naive` in one line. Copy it, or write a helper that
# all of them use.

# %% answer: avg_pool_forward_naive
def avg_pool_forward_naive(x, pool_param):
    """Average pooling, forward.

    x           activation maps: an array of shape (N, C, H, W)
    pool_param  a dict with "pool_height", "pool_width" and "stride"

    Returns (out, cache): out of shape (N, C, H2, W2), and a tuple of your choice.
    """
    ### BEGIN SOLUTION
    high, wide = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    N, C, H, W = x.shape
    H2 = (H - high) // stride + 1
    W2 = (W - wide) // stride + 1
    out = np.zeros((N, C, H2, W2))
    for n in range(N):
        for c in range(C):
            for i in range(H2):
                for j in range(W2):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + high, left : left + wide]
                    out[n, c, i, j] = window.mean()
    return out, (x, pool_param)
    ### END SOLUTION

# %% check: avg_pool_forward_naive
check("avg_pool_forward_naive", avg_pool_forward_naive)

# %% test: avg_pool_forward_naive one map, 1 point
score = test("avg_pool_forward_naive", avg_pool_forward_naive, group="one map", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50201)
### END HIDDEN TESTS
score

# %% test: avg_pool_forward_naive non-square windows, 1 point
score = test("avg_pool_forward_naive", avg_pool_forward_naive, group="non-square windows", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50202)
### END HIDDEN TESTS
score

# %% test: avg_pool_forward_naive everything at once, 1 point
score = test("avg_pool_forward_naive", avg_pool_forward_naive, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50203)
### END HIDDEN TESTS
score

# %% answer: l2_pool_forward_naive
def l2_pool_forward_naive(x, pool_param):
    """L2 pooling, forward: the square root of the sum of the squares in each window.

    x           activation maps: an array of shape (N, C, H, W)
    pool_param  a dict with "pool_height", "pool_width" and "stride"

    Returns (out, cache): out of shape (N, C, H2, W2), and a tuple of your choice.
    """
    ### BEGIN SOLUTION
    mean_of_squares, _ = avg_pool_forward_naive(x**2, pool_param)
    in_a_window = pool_param["pool_height"] * pool_param["pool_width"]
    return np.sqrt(mean_of_squares * in_a_window), (x, pool_param)
    ### END SOLUTION

# %% check: l2_pool_forward_naive
check("l2_pool_forward_naive", l2_pool_forward_naive)

# %% test: l2_pool_forward_naive one map, 1 point
score = test("l2_pool_forward_naive", l2_pool_forward_naive, group="one map", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50301)
### END HIDDEN TESTS
score

# %% test: l2_pool_forward_naive many maps, 1 point
score = test("l2_pool_forward_naive", l2_pool_forward_naive, group="many maps", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50302)
### END HIDDEN TESTS
score

# %% test: l2_pool_forward_naive everything at once, 1 point
score = test("l2_pool_forward_naive", l2_pool_forward_naive, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50303)
### END HIDDEN TESTS
score

# %% [markdown]
# Here are all three at work. First comes a filter that answers where it gets brighter from left to
# right: the pixel on the right minus the one on the left. Negative answers are set to 0. Then your
# three layers pool its activation map, with F = 4 and S = 4. For comparison there is a map without
# any pooling, in which simply every fourth number of every fourth row is kept.

# %% figure: three kinds of pooling
# Below: three poolings
answers = np.maximum(photo[:, 2:] - photo[:, :-2], 0)[:, 1:-1]  # 212 x 316
blocks = {"pool_height": 4, "pool_width": 4, "stride": 4}
try:
    kinds = {"activation map": answers, "every 4th number": answers[::4, ::4]}
    for name, layer in (("maximum", max_pool_forward_naive), ("average", avg_pool_forward_naive),
                        ("L2 norm", l2_pool_forward_naive)):
        kinds[name] = layer(answers[None, None], blocks)[0][0, 0]
    three_kinds = pictures.filtered_versions(photo, kinds)
except Exception as error:
    three_kinds = None
    not_yet(error, "Here your three pooling layers work on an activation map. Come back when "
                   "their checks say “passed”, and run this cell again.")
three_kinds

# %% [markdown]
# Where numbers are simply left out, the edges are torn: it is a matter of luck which of them are
# hit. A window of any kind has seen all 16 numbers, and the edges hold together. The three kinds
# look much alike here. In networks the maximum has turned out to work better than the average (so
# the CS231n notes), and it is the usual choice.

# %% [markdown]
# ## 4 · One number for a whole map
# *Easy, 4 minutes.*
#
# The average has survived in one place: at the end of a network. There the window is as large as
# the map. Each map becomes a single number, "how much of this is in the image?". This is **global
# average pooling**.

# %% figure: global average pooling
# Below: global average
from course_lib.pictures.picture import INPUT, OUTPUT, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def global_average():
    maps = np.array([[[1.0, 3, 0], [2, 6, 0]], [[0, 0, 0], [0, 0, 3]], [[5, 4, 6], [5, 4, 6]]])
    scene = Scene(15, 7.4)
    for c, numbers in enumerate(maps):
        left = 0.6 + 5 * c
        scene.text(left + 1.5, 0.6, f"map {c}")
        scene.grid(numbers, left, 1.1, tint(INPUT, 0.2))
        scene.arrow((left + 1.5, 3.3), (left + 1.5, 4.9))
        scene.grid([[numbers.mean()]], left + 1, 5.1, tint(OUTPUT, 0.5))
    scene.text(7.5, 6.8, "x of shape (1, 3, 2, 3) becomes out of shape (1, 3)")
    return Picture(scene.figure, "Three maps of 2x3 numbers; each becomes its average: "
                   f"{', '.join(f'{a.mean():g}' for a in maps)}.")


global_average()

# %% [markdown]
# **Predict first.** The last maps of a network have the shape (10, 512, 7, 7). What is the shape
# after global average pooling? And for an image twice as high, whose maps are (10, 512, 14, 7)?
#
# <details><summary>Answer</summary>
# (10, 512), both times. So whatever comes behind it need not know how large the images are.
# </details>

# %% answer: global_avg_pool
def global_avg_pool(x):
    """Global average pooling.

    x  activation maps: an array of shape (N, C, H, W)

    Returns an array of shape (N, C): the average of each map.
    """
    ### BEGIN SOLUTION
    return x.mean(axis=(2, 3))
    ### END SOLUTION

# %% check: global_avg_pool
check("global_avg_pool", global_avg_pool)

# %% test: global_avg_pool square maps, 1 point
score = test("global_avg_pool", global_avg_pool, group="square maps", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50401)
### END HIDDEN TESTS
score

# %% test: global_avg_pool non-square maps, 1 point
score = test("global_avg_pool", global_avg_pool, group="non-square maps", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50402)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 5 · A small shift
# *Predict, then measure, 7 minutes.*
#
# One often reads that pooling makes a network indifferent to small shifts of the image. Let us see.
#
# A map of 6 x 6 has a single bright dot, in row 2, column 2. It is pooled with F = 2 and S = 2.
# Then the dot moves **one column to the right**. Then it moves **one more**.
#
# **Predict first.** Does the pooled map change at the first step? At the second? Put the answers
# into the first line, `True` or `False`, and let your layer decide.

# %% try: the moving dot
changes_at_first_step, changes_at_second_step = None, None  # <- your predictions


def pooled_dot(column):
    dot = np.zeros((1, 1, 6, 6))
    dot[0, 0, 2, column] = 1
    return max_pool_forward_naive(dot, {"pool_height": 2, "pool_width": 2, "stride": 2})[0]


try:
    print("first step: ", not np.array_equal(pooled_dot(2), pooled_dot(3)),
          "- predicted", changes_at_first_step)
    print("second step:", not np.array_equal(pooled_dot(3), pooled_dot(4)),
          "- predicted", changes_at_second_step)
except Exception as error:
    not_yet(error, "Here your max_pool_forward_naive sees a dot move. Come back when its check "
                   "says “passed”.")

# %% [markdown]
# Columns 2 and 3 belong to the same window, so the first step changes nothing. The second step goes
# into the next window. What counts is whether the dot crosses a border. And one step in two does.
#
# Now a real image: a handwritten 6 of 8 x 8 pixels with a black border, 12 x 12 in all. The upper
# row shows the image and what your layer makes of it, with windows of 2 x 2 and of 4 x 4 side by
# side. The small maps, of 6 x 6 and 3 x 3 numbers, are drawn as large as the image. In the lower
# row the 6 has moved one pixel to the right.
#
# **Predict first.** Of the 144 pixels of the image 37 change. How many of the 36 numbers in the
# middle will change, and how many of the 9 on the right? A rough guess will do.

# %% figure: a shifted digit
# Below: a shifted digit
digit = np.pad(data.digits("test")[0][13], ((0, 0), (2, 2), (2, 2)))  # (1, 12, 12)
try:
    rows = []
    for image in (digit, np.roll(digit, 1, axis=2)):
        rows.append(image[0])
        for side in (2, 4):
            settings = {"pool_height": side, "pool_width": side, "stride": side}
            small, _ = max_pool_forward_naive(image[None], settings)
            rows.append(np.kron(small[0, 0], np.ones((side, side))))  # drawn as large as the image
    names = ["the image", "2 x 2 pooled", "4 x 4 pooled", "moved", "moved, 2 x 2", "moved, 4 x 4"]
    shifted_digit = pictures.activation_maps(np.stack(rows), names)
except Exception as error:
    shifted_digit = None
    not_yet(error, "Here your own max_pool_forward_naive pools a digit. Come back when its check "
                   "says “passed”, and run this cell again.")
shifted_digit

# %% [markdown]
# <details><summary>Answer</summary>
# <p>
# 7 of 36 and 2 of 9, if your layer is right. The pixels are 37 of 144. As a share of the whole this
# is 26 % in the image, 19 % in the middle and 22 % on the right.</p>
# </details>
#
# So the pooled map does change. How much, on average? We have moved all 360 test digits by one
# pixel in each of the four directions. The length of a bar says how large the change of the map is,
# compared with the map itself. (Both are measured like an L2 norm: the root of the sum of all
# squares.)

# %% figure: what a shift changes
# Below: what a shift changes
from course_lib import data
from course_lib.pictures.picture import SERIES, Picture, drawing, figure
from course_lib.reference.pooling import max_pool_forward


@drawing
def what_a_shift_changes():
    images = np.pad(data.digits("test")[0], ((0, 0), (0, 0), (2, 2), (2, 2)))
    names = {1: "not pooled", 2: "2 x 2", 3: "3 x 3", 4: "4 x 4", 12: "whole map"}
    changes = []
    for side in names:
        before = max_pool_forward(images, side, side, side)[0]
        ratios = []
        for axis, step in ((2, 1), (2, -1), (3, 1), (3, -1)):
            after = max_pool_forward(np.roll(images, step, axis), side, side, side)[0]
            ratios.append(np.linalg.norm((after - before).reshape(len(images), -1), axis=1)
                          / np.linalg.norm(before.reshape(len(images), -1), axis=1))
        changes.append(round(100 * np.mean(ratios)))
    made = figure(2.6, 6.4, layout="constrained")
    ax = made.subplots()
    bars = ax.barh(list(names.values()), changes, color=SERIES[0])
    ax.bar_label(bars, [f"{change} %" for change in changes], padding=4)
    ax.set(xlabel="change of the map when the digit moves by one pixel", xlim=(0, 100))
    ax.invert_yaxis()
    ax.spines[["top", "right"]].set_visible(False)
    measured = ", ".join(f"{name}: {change} %"
                         for name, change in zip(names.values(), changes, strict=True))
    return Picture(made, "Change of the map when a digit moves by one pixel, for max pooling with "
                   f"windows side by side. {measured}.")


what_a_shift_changes()

# %% [markdown]
# Pooling **softens** a shift. It does not remove it: with windows of 2 x 2 the change goes down
# from 79 % to 56 %. Only a window as large as the map is fully indifferent, and then nobody knows
# any more where in the image anything was. Between the two you have to choose: what you are
# indifferent to, you cannot see.

# %% [markdown]
# ## 6 · Backwards, and find the bug
# *Medium, 10 minutes.*
#
# Now the way back. A layer is told the upstream gradient `dout`: how much the loss changes for each
# number of its output. It has to say how much the loss changes for each number of its input.
#
# The average first. If one of four numbers grows by 1, their average grows by 1/4. So each number
# of a window gets a quarter of the window's gradient: **equal shares**.
#
# Here is a row of five numbers with two windows of three. The stride is 2. So the windows overlap.

# %% figure: equal shares
# Below: equal shares
from course_lib.pictures.picture import INPUT, OUTPUT, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def equal_shares():
    scene = Scene(14, 6.6)
    scene.text(0.3, 1.3, "numbers x", ha="left")
    scene.text(0.3, 4.7, "averages", ha="left")
    for k in range(5):
        scene.box(3.2 + 2.2 * k, 0.8, 1, 1, tint(INPUT, 0.3), INPUT)
        scene.text(3.7 + 2.2 * k, 1.3, f"x{k}", 11)
    for i, gradient in enumerate((6, 9)):
        middle = 5.9 + 4.4 * i
        scene.box(middle - 0.6, 4.2, 1.2, 1, tint(OUTPUT, 0.3), OUTPUT)
        scene.text(middle, 4.7, f"out {i}", 9)
        scene.text(middle, 5.7, f"dout = {gradient}", 11, weight="bold")
        for k in range(2 * i, 2 * i + 3):
            end = 3.7 + 2.2 * k
            scene.arrow((middle, 4.2), (end, 1.9), WINDOW)
            scene.text(0.45 * middle + 0.55 * end + (0.35 if end >= middle else -0.35), 2.95,
                       "1/3", 9)
    return Picture(scene.figure, "Five numbers x0 to x4 and two averages. The first average, with "
                   "upstream gradient 6, is made of x0, x1 and x2; the second, with upstream "
                   "gradient 9, of x2, x3 and x4. Every path has the factor 1/3.")


equal_shares()

# %% [markdown]
# **Predict first.** What is the gradient of each of the five numbers?
#
# <details><summary>Answer</summary>
# <p>
# 2, 2, 5, 3, 3. The first window hands out 6/3 = 2 three times, the second 9/3 = 3. The number in
# the middle is on two paths. Along a path slopes multiply, and over the paths they add up: 2 + 3.
# </p>
# </details>
#
# A friend has written the backward pass of average pooling. "I have tested it with the umpire of
# lesson 3, `numerical_gradient`," says the friend. "I have tried windows of 2 x 2 with stride 2,
# windows of 3 x 3 with stride 3, and many images and channels. It is right to the last digit."
#
# All this is true. And yet there is a bug, and a common one. We collected 114 different backward
# passes of max pooling that people had published as their solution to the same exercise of a
# well-known course. We ran each with windows, strides and maps of many shapes, and compared with
# the right gradient: 61 were wrong somewhere, **50 of them because of this**. Nearly all had passed
# the checks of that course. (The 114 are not ours to hand out, so take our word for the count. The
# bug itself you can catch here.)
#
# **Predict first.** Read the code. For which settings is it wrong? Then put them into the line with
# the arrow, and let the cell show it. It nudges one number of `x` by 1. All upstream gradients are
# 1, so the right gradient of this number is the growth of the sum of all outputs. If the two
# printed numbers differ, you have caught the bug.

# %% try: the friend's way back
def friends_avg_pool_backward(dout, cache):
    """dout (N, C, H2, W2) -> dx (N, C, H, W)."""
    x, pool_param = cache
    high, wide = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    N, C, H2, W2 = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H2):
                for j in range(W2):
                    top, left = i * stride, j * stride
                    share = dout[n, c, i, j] / (high * wide)
                    dx[n, c, top : top + high, left : left + wide] = share
    return dx


settings = {"pool_height": 2, "pool_width": 2, "stride": 2}  # <- the map is 4 x 4

x = np.random.default_rng(0).random((1, 1, 4, 4))
nudged = x.copy()
nudged[0, 0, 1, 1] += 1
try:
    before, _ = avg_pool_forward_naive(x, settings)
    after, _ = avg_pool_forward_naive(nudged, settings)
    dx = friends_avg_pool_backward(np.ones(before.shape), (x, settings))
    print("One number grows by 1, and the sum of all outputs by", round((after - before).sum(), 6))
    print("The friend's gradient for this number:", dx[0, 0, 1, 1])
except Exception as error:
    not_yet(error, "This cell needs your avg_pool_forward_naive. Come back when its check says "
                   "“passed”.")

# %% [markdown]
# <details><summary>A hint</summary>
# <p>
# Try the stride 1. A number in the middle of the map is then seen by four windows. In which order
# does the loop come to them, and what does each of them do to what is there already?</p>
# </details>
#
# Copy the friend's code into the next cell and repair it. If your `avg_pool_forward_naive` keeps
# something else in its cache, change the line that unpacks it.

# %% answer: avg_pool_backward_naive
def avg_pool_backward_naive(dout, cache):
    """Average pooling, backward.

    dout   upstream gradient: an array of shape (N, C, H2, W2), that of the layer's output
    cache  what your avg_pool_forward_naive has returned beside the output

    Returns dx, an array with the shape of x (N, C, H, W).
    """
    ### BEGIN SOLUTION
    x, pool_param = cache
    high, wide = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    N, C, H2, W2 = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H2):
                for j in range(W2):
                    top, left = i * stride, j * stride
                    share = dout[n, c, i, j] / (high * wide)
                    dx[n, c, top : top + high, left : left + wide] += share
    return dx
    ### END SOLUTION

# %% check: avg_pool_backward_naive
check("avg_pool_backward_naive", avg_pool_backward_naive, avg_pool_forward_naive)

# %% test: avg_pool_backward_naive windows side by side, 1 point
score = test("avg_pool_backward_naive", avg_pool_backward_naive, avg_pool_forward_naive,
             group="windows side by side", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50501)
### END HIDDEN TESTS
score

# %% test: avg_pool_backward_naive overlapping windows, 1 point
score = test("avg_pool_backward_naive", avg_pool_backward_naive, avg_pool_forward_naive,
             group="overlapping windows", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50502)
### END HIDDEN TESTS
score

# %% test: avg_pool_backward_naive everything at once, 1 point
score = test("avg_pool_backward_naive", avg_pool_backward_naive, avg_pool_forward_naive,
             group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50503)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 7 · Who gets the gradient?
# *Easy, one line, 7 minutes.*
#
# And the maximum? Nudge a number that is not the largest of its window: the maximum stays what it
# was. So its gradient is 0. Nudge the largest: the maximum moves along with it. So **the winner
# takes it all**, and the others get nothing.
#
# The backward pass must know where in its window the winner was. `window.argmax()` tells you, but
# it counts all places in a single row, as you would read them. The small numbers in the picture are
# this count.

# %% figure: reading order
# Below: reading order
from course_lib.pictures.picture import PAPER, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def reading_order():
    window = np.array([[3.0, 1, 4, 2], [5, 0, 9, 6], [2, 7, 1, 8]])
    scene = Scene(12, 4.4)
    place = int(window.argmax())
    scene.grid(window, 0.8, 1,
               lambda i, j: tint(WINDOW, 0.7) if 4 * i + j == place else PAPER)
    for k in range(window.size):
        scene.text(0.98 + k % 4, 1.2 + k // 4, f"{k}", 6)
    scene.text(5.6, 2, f"window.argmax() is {place}", 11, ha="left")
    scene.text(5.6, 3, "row ?   column ?", 11, ha="left")
    return Picture(scene.figure, "A window of 3 rows and 4 columns. Its places are counted row by "
                   f"row from 0 to 11. The largest number, 9, has the count {place}.")


reading_order()

# %% [markdown]
# **Predict first.** In a window of 3 rows and 4 columns `argmax` says 9. In which row and which
# column is the maximum? And in a window of 4 rows and 3 columns?
#
# <details><summary>Answer</summary>
# <p>
# With 4 columns, row 0 holds the counts 0 to 3, row 1 holds 4 to 7, and row 2 holds 8 to 11. So 9
# is in row 2, column 1. With 3 columns a row ends after three: 9 is in row 3, column 0.</p>
# </details>
#
# Fill in the one line that is missing.

# %% answer: where_is_max
def where_is_max(window):
    """The place of the largest number of a window.

    window  an array of shape (pool_height, pool_width)

    Returns (row, column), two ints, both counted from 0.
    """
    place = window.argmax()
    # `place` has been counted row by row. Which row is it, and which column?
    ### BEGIN SOLUTION
    return place // window.shape[1], place % window.shape[1]
    ### END SOLUTION

# %% check: where_is_max
check("where_is_max", where_is_max)

# %% test: where_is_max square windows, 1 point
score = test("where_is_max", where_is_max, group="square windows", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50601)
### END HIDDEN TESTS
score

# %% test: where_is_max non-square windows, 1 point
score = test("where_is_max", where_is_max, group="non-square windows", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50602)
### END HIDDEN TESTS
score

# %% [markdown]
# **And if two are equally large?** Then there is no slope. Nudge one of the two upwards, and the
# maximum grows with it. Nudge it downwards, and the maximum stays, because the other one is still
# there. So there is no right answer, and any sensible rule will do: the first of them gets the
# gradient (as `argmax` has it), each of them gets it, or they share it. All of these pass here. Of
# 53 right backward passes that we have read, 39 give it to all of the equals and 12 to the first.
#
# This happens more often than you might think. In our digits of 8 x 8 pixels, 41 of 100 windows of
# 2 x 2 (stride 2) have no single winner, two thirds of them because all four pixels are black.

# %% [markdown]
# ## 8 · Max pooling, backward
# *The big one, 15 minutes.*
#
# Each number of the output hands its gradient to one place: the winner of its window. Everybody
# else gets nothing from it. Here is a step of it, with windows of 3 x 3 and stride 2. The output in
# row 0, column 1 has the upstream gradient 5.

# %% figure: one step backwards
# Below: one step backwards
from course_lib.pictures.picture import OUTPUT, PAPER, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, table, tint
from course_lib.reference.pooling import max_pool_backward, max_pool_forward


@drawing
def step_back(x, dout, row, column, side=3, stride=2):
    done = np.arange(dout.size).reshape(dout.shape) <= row * dout.shape[1] + column
    _, cache = max_pool_forward(x[None, None], side, side, stride)
    dx = max_pool_backward((dout * done)[None, None], cache)[0, 0]
    top, left = row * stride, column * stride
    window = x[top : top + side, left : left + side]
    place = tuple(int(k) for k in np.unravel_index(window.argmax(), window.shape))
    winner = top + place[0], left + place[1]

    def fill(i, j):
        if (i, j) == winner:
            return tint(WINDOW, 0.75)
        inside = top <= i < top + side and left <= j < left + side
        return tint(WINDOW, 0.25) if inside else PAPER

    scene = Scene(19, 7.4)
    scene.text(1.6, 2.2, "dout")
    scene.grid(dout, 0.6, 2.7,
               lambda i, j: tint(OUTPUT, 0.75 if (i, j) == (row, column) else 0.15))
    scene.text(7.4, 0.5, "x: who has won?")
    scene.grid(x, 4.9, 1.1, fill)
    scene.text(15.9, 0.5, "dx so far")
    scene.grid(dx, 13.4, 1.1, fill)
    for left_edge in (4.9, 13.4):
        scene.box(left_edge + left, 1.1 + top, side, side, edge=WINDOW, line=2.4, zorder=3)
    scene.arrow((2.9, 3.7), (4.5, 3.7))
    scene.arrow((10.3, 3.7), (13, 3.7))
    d = dout[row, column]
    scene.text(9.5, 6.8, f"the winner of this window is {x[winner]:g}: it gets {d:g}")
    return Picture(scene.figure, f"One step of the backward pass of max pooling, for the output in "
                   f"row {row}, column {column}, with upstream gradient {d:g}. The winner of its "
                   f"window is {x[winner]:g}, in row {winner[0]}, column {winner[1]}; {d:g} is "
                   f"added to this place of dx, which is now {dx[winner]:g}.",
                   f"dout\n{table(dout)}\n\nx\n{table(x)}\n\ndx so far\n{table(dx)}")


step_back(np.array([[1.0, 0, 2, 3, 1], [4, 6, 5, 2, 0], [3, 1, 9, 0, 2],
                    [1, 2, 2, 4, 3], [0, 5, 1, 2, 7]]),
          np.array([[3.0, 5.0], [-2.0, 1.0]]), row=0, column=1)

# %% [markdown]
# **Predict first.** Carry on: two outputs are left, with the gradients -2 and 1. What will the
# finished `dx` be?
#
# <details><summary>Answer</summary>
# <p>The 9 wins all four windows, since it is in each of them. So its gradient is 3 + 5 - 2 + 1 = 7,
# and everywhere else it is 0.</p>
# </details>
#
# A plan:
#
# 1. Unpack the cache, and read all sizes off the shapes.
# 2. Make `dx`, an array of zeros.
# 3. Go through all numbers of `dout`. The window is where it was in the forward pass.
# 4. Ask `where_is_max` for the winner. Its answer counts from the corner of the **window**. Where
#    is that in `x`?
# 5. Give the winner its gradient.
#
# <details><summary>Stuck? Here are the lines of one solution, out of order and without their
# indentation. The line that gives the gradient is missing.</summary>
# <ul>
# <li><code>for i in range(H2):</code></li>
# <li><code>row, column = where_is_max(window)</code></li>
# <li><code>N, C, H2, W2 = dout.shape</code></li>
# <li><code>for c in range(C):</code></li>
# <li><code>x, pool_param = cache</code></li>
# <li><code>window = x[n, c, top : top + high, left : left + wide]</code></li>
# <li><code>return dx</code></li>
# <li><code>high, wide = pool_param["pool_height"], pool_param["pool_width"]</code></li>
# <li><code>for n in range(N):</code></li>
# <li><code>dx = np.zeros(x.shape)</code></li>
# <li><code>top, left = i * stride, j * stride</code></li>
# <li><code>stride = pool_param["stride"]</code></li>
# <li><code>for j in range(W2):</code></li>
# </ul>
# </details>

# %% answer: max_pool_backward_naive
def max_pool_backward_naive(dout, cache):
    """Max pooling, backward.

    dout   upstream gradient: an array of shape (N, C, H2, W2), that of the layer's output
    cache  what your max_pool_forward_naive has returned beside the output

    Returns dx, an array with the shape of x (N, C, H, W).
    """
    ### BEGIN SOLUTION
    x, pool_param = cache
    high, wide = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    N, C, H2, W2 = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H2):
                for j in range(W2):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + high, left : left + wide]
                    row, column = where_is_max(window)
                    dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx
    ### END SOLUTION

# %% check: max_pool_backward_naive
check("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive)

# %% test: max_pool_backward_naive one window, 1 point
score = test("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive,
             group="one window", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50701)
### END HIDDEN TESTS
score

# %% test: max_pool_backward_naive many windows, 1 point
score = test("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive,
             group="many windows", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50702)
### END HIDDEN TESTS
score

# %% test: max_pool_backward_naive many maps, 1 point
score = test("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive,
             group="many maps", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50703)
### END HIDDEN TESTS
score

# %% test: max_pool_backward_naive many images, 1 point
score = test("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive,
             group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50704)
### END HIDDEN TESTS
score

# %% test: max_pool_backward_naive overlapping windows, 2 points
score = test("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive,
             group="overlapping windows", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50705)
### END HIDDEN TESTS
score

# %% test: max_pool_backward_naive non-square images, 1 point
score = test("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive,
             group="non-square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50706)
### END HIDDEN TESTS
score

# %% test: max_pool_backward_naive non-square windows, 1 point
score = test("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive,
             group="non-square windows", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50707)
### END HIDDEN TESTS
score

# %% test: max_pool_backward_naive everything at once, 1 point
score = test("max_pool_backward_naive", max_pool_backward_naive, max_pool_forward_naive,
             group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=50708)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 9 · One sign
# *Looking, 4 minutes.*
#
# How well does a `=` hide, where it should be `+=`? In section 6 it was in the friend's average
# pooling. Those 50 people had it in max pooling, so look at it there. Take one map of 9 x 9 and
# windows of 3 x 3. All upstream gradients are 1, so `dx` counts: how many windows has this number
# won?
#
# **Predict first.** Once the stride is 3, once it is 2. In how many of the 81 places will the `dx`
# with `=` and the `dx` with `+=` differ, each time? The picture paints these places red.

# %% figure: one sign
# Below: one sign
from course_lib.exercises.pooling import max_pool_backward_naive as exercise
from course_lib.pictures.picture import INPUT, PAPER, WINDOW, WRONG, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def one_sign():
    wrong = {m.name: m.wrong for m in exercise.misconceptions}["= for += at the maximum"]
    x = np.random.default_rng(3).permutation(81).reshape(9, 9).astype(float)
    scene = Scene(31, 24)
    for name, left in (("the map", 2), ("dx with =", 12), ("dx with +=", 22)):
        scene.text(left + 4.2, 0.7, name, 11)
    words, details = [], []
    for top, stride in ((1.4, 3), (13.6, 2)):
        side = (9 - 3) // stride + 1
        settings = {"pool_height": 3, "pool_width": 3, "stride": stride}
        case = x[None, None], settings, np.ones((1, 1, side, side))
        one, all_ = wrong(*case)[0, 0], exercise.reference(*case)[0, 0]
        scene.grid(x, 2, top, tint(INPUT, 0.08), 0.95)
        for i, j in np.ndindex(side, side):
            inset = 0.06 + 0.16 * ((i + j) % 2)
            scene.box(2 + 0.95 * j * stride + inset, top + 0.95 * i * stride + inset,
                      2.85 - 2 * inset, 2.85 - 2 * inset, edge=WINDOW, line=1.3, zorder=3)
        paint = np.where(one != all_, WRONG, np.where(one != 0, WINDOW, PAPER))
        for left, dx in ((12, one), (22, all_)):
            scene.grid(np.where(dx == 0, np.nan, dx), left, top,
                       lambda i, j, paint=paint: tint(paint[i, j], 0.5), 0.95)
        places = np.argwhere(one != all_)
        words.append(f"stride {stride}: the two differ in {len(places)} places")
        scene.text(16, top + 9.6, words[-1], 11)
        details += [f"stride {stride}, row {i}, column {j}: {one[i, j]:g} with =, {all_[i, j]:g} "
                    "with +=" for i, j in places]
    return Picture(scene.figure, "The backward pass of max pooling on one map of 9x9, with windows "
                   f"of 3x3, once with = and once with +=. {'; '.join(words)}.",
                   "\n".join(details))


one_sign()

# %% [markdown]
# With stride 3 the two agree in all 81 places. With stride 2 four places are wrong: those that have
# won more than one window. There `=` keeps the last share and wipes out the others.
#
# Nothing crashes. The shapes are right, and so are 77 of 81 numbers. And with windows side by side
# no test can find it, however many random inputs it tries, because there is nothing to be found.
# **A test for overlap needs windows that overlap.** This sounds silly, and yet it is missed:
# of 464 published layers that we have read, convolution and pooling, 165 are wrong in some setting.
# Yet all but 13 of the 464 pass the tests of the course that they were written for.

# %% [markdown]
# ## 10 · In your own words
# *8 minutes, 3 points, read by a person.*
#
# Answer in four to six sentences:
#
# 1. A friend tests a backward pass of max pooling with windows of 2 x 2 and stride 2, on a hundred
#    random inputs, and never finds a difference. Why could there still be a `=` in it that should
#    be a `+=`? Which test would you add, and which numbers of `dx` would come out wrong?
# 2. Max pooling with F = 2 and S = 2 works on a volume of 224 x 224 x 64. What comes out, how many
#    parameters does it take, and could pooling also turn 64 maps into 32? Say why or why not.
# 3. "Thanks to pooling, the network does not care where a thing is." What is right about it, and
#    what is not? Use what you have seen in section 5.
#
# Studying alone? Save the notebook when you have written yours. Then `solution("what pooling
# does")`, in a cell of your own, shows a model answer and the marks to grade yourself by.

# %% essay: what pooling does, 3 points [markdown]
# 1. With windows of 2 x 2 and stride 2 no number is in two windows, so each place of `dx` gets at
# most one share, and there is nothing to be wiped out. I would add overlapping windows, say 3 x 3
# with stride 2. Wrong are the numbers that are the maximum of more than one window: they get the
# gradient of the last of these windows, and not the sum.
#
# 2. 112 x 112 x 64, with 0 parameters. It cannot make 32 maps: each map is pooled alone, so as many
# maps come out as go in. To mix maps one needs weights, such as a 1x1 convolution.
#
# 3. A shift within a window often leaves the maximum what it was, so the pooled map changes less
# than the image. But as soon as the maximum crosses the border of a window the pooled map changes.
# With 2 x 2 windows the change only went down from 79 % to 56 %. Only global pooling is fully
# indifferent, and it knows nothing about places.
#
# === BEGIN MARK SCHEME ===
# One point for each part.
#
# - **Part 1, 1 point:** says that without overlap each number gets one share at most, names a test
#   with overlapping windows (stride smaller than the window), and says that the winners of several
#   windows are wrong. Overlap named, but not which numbers are wrong, or the other way round: 0.5.
#   "Test with more inputs": 0.
# - **Part 2, 1 point:** 112 x 112 x 64, 0 parameters, and no, because each map is pooled alone.
#   Right numbers without the reason, or the reason with a wrong size: 0.5.
# - **Part 3, 1 point:** both sides: small shifts are softened, because the maximum may stay in its
#   window; but a part of the change is left, or the borders of windows matter, or only global
#   pooling is indifferent. One side alone: 0.5. "Right, pooling removes the position": 0.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## Common mistakes
#
# - **`=` for `+=`** in the backward pass. Invisible until windows overlap.
# - **The winner's place in the window taken for its place in `x`.** Add the corner of the window.
# - **`argmax` split by the height.** A row is as long as the window is **wide**.
# - **A maximum that starts at 0.** In a window of negative numbers nobody can beat it.
# - **One size for both sides.** `pool_height` and `pool_width` may differ, and so may H and W.
# - **The window as stride.** The stride has a name of its own in `pool_param`.
# - **A gradient check with equal numbers.** At a tie there is no slope. `numerical_gradient` says
#   half of the gradient for each of the equals, whatever your rule is. Test with numbers that are
#   all different, and nudge by less than the distance between them.
#
# ## In two lines
#
# Pooling makes one number of each window, in each map alone, and learns nothing. Backwards, max
# pooling gives each gradient to the winner of its window, and who has won twice gets both.
#
# ## Further reading
#
# - CS231n, *Convolutional Neural Networks*: "Pooling Layer".
# - M. Lin, Q. Chen, S. Yan, *Network In Network* (2014): global average pooling.
# - J. T. Springenberg and others, *Striving for Simplicity: The All Convolutional Net* (2015): do
#   we need pooling at all, or will a convolution with a larger stride do?
# - R. Zhang, *Making Convolutional Networks Shift-Invariant Again* (2019): section 5, taken
#   seriously.
#
# Next: lesson 6 makes the convolution fast.
#
# What you have done so far; only your own folder knows it:

# %% figure: my progress
from course_lib import progress

progress()
