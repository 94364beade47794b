# %% [markdown]
# # 2 · Convolution, forward
#
# In this lesson you build the layer that convolutional networks are named after, out of loops.
#
# **After it you can**
#
# - say what a single number in the output of a convolutional layer is made of,
# - write the layer yourself: windows, stride, zero padding, many filters,
# - read convolutions in two notations, that of the CS231n notes and that of code,
# - make filters by hand that find the edges in a photograph,
# - say what a 1x1 convolution is good for.
#
# **Time:** about 85 minutes. **You need:** Python, a little NumPy, and lesson 1 (how large the
# output is).
#
# Run the cells from top to bottom with Shift + Enter. Cells that say `# YOUR CODE HERE` are yours:
# delete the line `raise NotImplementedError()` and write your answer. A `check` cell tells you at
# once how you are doing. Run it as often as you like, it costs nothing. The `test` cells below it
# show your points, part by part. Stuck? `hint()`, in a cell of your own, gives a step towards the
# function that you have checked last, never the answer.

# %% setup
import numpy as np

# “No module named”? Then this kernel is not the course's. Choose another: menu
# Kernel, Change Kernel; or open the lessons as the student guide describes.
# “cannot import name”? Then the course is older than this notebook: update it,
# then restart the kernel.
from course_lib import check, data, hint, not_yet, pictures, reset, solution, test, widgets

photo = data.photograph(gray=True)[30:126, 45:173]  # (rows, columns), 0 is black, 1 is white
vertical = np.array([[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]])

# %% [markdown]
# ## Before you start: a prediction
#
# Here is a photograph, and below it a little table of nine numbers. The table is called a
# **filter**, and its numbers are called **weights**.

# %% figure: the photograph
pictures.activation_maps(photo[None], ["photograph"])

# %% figure: the first filter
pictures.filter_bank(vertical[None, None], ["a filter"])

# %% [markdown]
# Lay the filter on the photograph, so that it covers nine pixels. Multiply each pixel by the weight
# that lies on it. Add up the nine products. Write the sum down. Move the filter one pixel to the
# right and do it again, and so on over the whole photograph.
#
# The sums make a new picture. Draw it like this: a sum of 0 is middle grey, a large positive sum
# is white, a large negative sum is black.
#
# **What will you see?** Where will the new picture be grey, where white, where black? Think of the
# sky, and of the left and the right side of a dark pillar in front of it. Write a sentence down
# before you read on. Being wrong here is fine: a guess makes you look more closely later.

# %% try: my prediction
prediction = "I think I will see ..."

# %% [markdown]
# ## 1 · A neuron is a dot product
# *Easy, 6 minutes.*
#
# Nine products and a sum: this is nearly all that a **neuron** does. It takes some numbers in,
# multiplies each by a weight of its own, adds the products up, and adds one more number of its own,
# the **bias**:
#
# $$\text{output} = x_0 w_0 + x_1 w_1 + x_2 w_2 + \dots + b$$
#
# The sum of products is called a **dot product**.
#
# A neuron that looks at a whole image needs many weights: a colour image of 32 by 32 pixels has
# 32 · 32 · 3 = 3,072 numbers, and each of them needs a weight. At 200 by 200 pixels it is
# 120,000. A neuron in a convolutional layer looks at a small window alone. A window of 5 by 5
# pixels has 5 · 5 · 3 = 75 numbers: 75 weights and a bias.
#
# The last factor, 3, is for red, green and blue. These are the **channels** of the image. A window
# is small in height and width, and it always takes in all channels.
#
# The picture shows a neuron at work on nine pixels of the photograph, at the right side of a dark
# pillar.

# %% figure: a neuron
pictures.neuron(np.round(photo[70:73, 5:8], 1), vertical, b=0.5)

# %% [markdown]
# **Predict first.** All the pixels in a window have the same value, 0.8. The weights are those of
# the filter above, the bias is 0.5. What does the neuron answer?
#
# <details><summary>Answer</summary>
# <p>0.5. The three products on the left are -0.8 each, the three on the right 0.8 each, and they
# cancel. Only the bias is left. A filter whose weights add up to 0 does not see a flat surface.</p>
# </details>
#
# A hint: for two arrays of the same shape, `*` multiplies entry by entry. (`@` and `np.dot` do
# something else as soon as there is more than one axis.)

# %% answer: neuron
def neuron(x_patch, w, b):
    """One neuron: the dot product of a window and the weights, plus the bias.

    x_patch  what the neuron sees: an array of shape (C, HH, WW), C channels of HH x WW pixels
    w        its weights: an array of the same shape
    b        its bias: one number

    Returns one number.
    """
    ### BEGIN SOLUTION
    return np.sum(x_patch * w) + b
    ### END SOLUTION

# %% check: neuron
check("neuron", neuron)

# %% test: neuron dot product, 1 point
score = test("neuron", neuron, group="dot product", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20101)
### END HIDDEN TESTS
score

# %% test: neuron bias, 1 point
score = test("neuron", neuron, group="bias", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20102)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 2 · Two ways to write the same thing
# *Reading and a riddle, 7 minutes.*
#
# In lesson 1 an image was width x height x depth, as in the CS231n notes. Code prefers another
# order and, sadly, other letters. From here on we use the code's. This table is the bridge:
#
# | | the notes | our code |
# |---|---|---|
# | input | `X[x, y, depth]`, of W x H x D | `x[n, c, row, column]`, of shape (N, C, H, W) |
# | number of filters | K | F |
# | size of a filter | F, height and width alike | HH high, WW wide |
# | one filter | `W0`, `W1`, ... | `w[0]`, `w[1]`, ...; all together `w` of shape (F, C, HH, WW) |
# | stride, padding | S, P | `stride`, `pad` |
# | output | `V[x, y, k]` | `out[n, f, row, column]`, of shape (N, F, H2, W2) |
#
# N is new. It is the number of images: a layer works on several images at once, and does the same
# to each. C, for channels, is what the notes call the depth D.
#
# Two traps. The letter **F** changes its meaning. And the order of the two directions changes:
# the notes put x first, which runs to the right. Code puts the **row first**, which runs **down**.
# The order (N, C, H, W) is often called NCHW.
#
# The notes have an example. The input `X` has shape (11, 11, 4), the filters are 5 x 5, the stride
# is 2, and there is no padding. So the output is 4 x 4. They compute
#
# - `V[0, 0, 0]` from the window `X[:5, :5, :]` and the first filter,
# - `V[1, 0, 0]` from `X[2:7, :5, :]`: one step further in x,
# - `V[2, 3, 1]` from `X[4:9, 6:11, :]` and the second filter. The window starts at 2 · 2 = 4 in x
#   and at 3 · 2 = 6 in y.
#
# **A riddle.** The next cell turns `X` into our order. Which rows and columns of `x` does
# `V[2, 3, 1]` see? Change the line with the two slices until the cell says "the same number".
# (`slice(0, 5)` is a name for `0:5`.) And which entry of our `out` is it?

# %% try: V 2 3 1 in our order
rng = np.random.default_rng(0)
X = rng.standard_normal((11, 11, 4))  # the notes' order: x, y, depth
W1, b1 = rng.standard_normal((5, 5, 4)), 0.5  # the second filter and its bias
V_2_3_1 = np.sum(X[4:9, 6:11, :] * W1) + b1

x = X.transpose(2, 1, 0)[None]  # our order: image, channel, row, column
w1 = W1.transpose(2, 1, 0)  # channel, row, column

rows, columns = slice(0, 5), slice(0, 5)  # <- your prediction

mine = np.sum(x[0, :, rows, columns] * w1) + b1
print("the same number" if np.isclose(mine, V_2_3_1) else "not the same number yet")

# %% [markdown]
# <details><summary>Answer</summary>
# <code>rows, columns = slice(6, 11), slice(4, 9)</code>. In the notes y is 3, and y is our row:
# rows start at 3 · 2 = 6. x is 2, and x is our column: columns start at 2 · 2 = 4. The filter is
# number 1 in both. So the entry is <code>out[0, 1, 3, 2]</code>.
# </details>

# %% [markdown]
# ## 3 · Zero padding
# *Easy, 7 minutes.*
#
# A window must not stick out over the edge. So a pixel in the corner is seen by a single window,
# a pixel in the middle by many, and the output is smaller than the input. **Zero padding** puts a
# frame of zeros around each image first. Here it is 2 wide.

# %% figure: zero padding
pictures.zero_padding(np.arange(1.0, 16.0).reshape(3, 5), pad=2)

# %% [markdown]
# **Predict first.** `x` has shape (2, 3, 5, 7): two images of three channels. What is its shape
# after padding with `pad=2`?
#
# <details><summary>Answer</summary>
# (2, 3, 9, 11). Height and width grow by 2 at either end. There are still two images with three
# channels each.
# </details>

# %% answer: zero_pad
def zero_pad(x, pad):
    """Put a frame of zeros around every image.

    x    array of shape (N, C, H, W)
    pad  width of the frame in pixels; 0 means no frame

    Returns an array of shape (N, C, H + 2*pad, W + 2*pad). x itself stays as it is.

    np.pad can do it; np.zeros and a slice can do it too.
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    return padded
    ### END SOLUTION

# %% check: zero_pad
check("zero_pad", zero_pad)

# %% test: zero_pad square images, 1 point
score = test("zero_pad", zero_pad, group="square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20201)
### END HIDDEN TESTS
score

# %% test: zero_pad non-square images, 1 point
score = test("zero_pad", zero_pad, group="non-square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20202)
### END HIDDEN TESTS
score

# %% test: zero_pad pad 0, 1 point
score = test("zero_pad", zero_pad, group="pad 0", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20203)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 4 · Which window?
# *Easy, one line, 5 minutes.*
#
# The **stride** is the number of pixels from one window to the next, to the right as well as down.
# The windows are numbered: row `i` and column `j` of the output come from window `(i, j)`.
#
# The picture shows a step of a small convolution with stride 2. The orange frame is the window.

# %% figure: one step
pictures.filter_step(
    np.arange(40.0).reshape(5, 8) % 6, np.array([[1.0, 0.0], [0.0, -1.0], [1.0, 0.0]]),
    stride=2, row=1, column=2,
)

# %% [markdown]
# **Predict first.** The stride is 3 and the filter is 4 pixels high. In which row of the image does
# window number 0 start, and in which number 1 and number 2? Which is the last row that window
# number 2 sees?
#
# <details><summary>Answer</summary>
# <p>
# They start in rows 0, 3 and 6. Window number 2 is 4 rows high, so it sees rows 6, 7, 8 and 9. As a
# slice this is <code>6:10</code>, since the end of a slice is the first row that is left out.</p>
# </details>
#
# Fill in the one line that is missing. `x` has three axes here. A lone `:` takes all of an axis.

# %% answer: window_at
def window_at(x, i, j, HH, WW, stride):
    """The part of one image that the filter sees for row i, column j of the output.

    x       one image, padded already: an array of shape (C, H, W)
    i, j    row and column of the output, both from 0
    HH, WW  height and width of the filter
    stride  pixels from one window to the next

    Returns an array of shape (C, HH, WW).
    """
    top = i * stride
    left = j * stride
    # The window starts in row `top` and column `left`. Where does it end?
    ### BEGIN SOLUTION
    return x[:, top : top + HH, left : left + WW]
    ### END SOLUTION

# %% check: window_at
check("window_at", window_at)

# %% test: window_at stride 1, 1 point
score = test("window_at", window_at, group="stride 1", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20301)
### END HIDDEN TESTS
score

# %% test: window_at larger strides, 1 point
score = test("window_at", window_at, group="larger strides", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20302)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 5 · The convolutional layer
# *Hard: the big one, 25 minutes.*
#
# You have all the parts: a frame of zeros, a window, a neuron. Now put them together.
#
# A filter visits every window and answers with one number each time. Its answers, laid out in rows
# and columns, are called its **activation map**. All windows are seen with the same weights and
# the same bias. A layer has F filters and so makes F activation maps. They are the channels of the
# output.
#
# Here is a filter on its walk over 5 x 5 pixels, with stride 2. It answers four times.

# %% figure: a walk
pictures.filter_walk(
    np.array([[0, 1, 2, 0, 1], [2, 0, 1, 1, 0], [0, 2, 2, 0, 1], [1, 0, 0, 2, 2], [0, 1, 1, 0, 2]],
             float),
    np.array([[1, 0, -1], [0, 1, 0], [-1, 0, 1]], float), stride=2,
)

# %% [markdown]
# **Predict first.** One image of 9 x 9 pixels and 3 channels. Two filters of 5 x 5, stride 2,
# padding 1. What is the shape of `w`? What is the shape of `out`?
#
# <details><summary>Answer</summary>
# <p>
# <code>w</code> is (2, 3, 5, 5): 2 filters, each 3 channels deep and 5 x 5 large. <code>out</code>
# is (1, 2, 4, 4): one image, one activation map for each filter, and (9 - 5 + 2)/2 + 1 = 4 places
# in either direction. The number of input channels is not in the shape of the output: each filter
# has summed over them.</p>
# </details>
#
# Change the numbers in the boxes until you can say, for every number of the output, where it comes
# from.

# %% figure: the sliding filter
widgets.ConvolutionStepper(W=5, F=3, S=2, P=1)

# %% [markdown]
# A plan for the function:
#
# 1. Read all sizes off the shapes of `x` and `w`.
# 2. Pad `x`.
# 3. Work out H2 and W2, height and width of the output. They need not be equal.
# 4. Make an array of zeros in the shape of the output.
# 5. For each image, each filter, each row and each column of the output: take the window, ask the
#    neuron, write down its answer.
# 6. Return the output, and beside it the **cache**. The cache is a tuple of whatever you want to
#    remember for lesson 3, where the same layer is run backwards. `(x, w, b, conv_param)` is a
#    good choice.
#
# Use your own `zero_pad`, `window_at` and `neuron` if their checks have passed: a mistake in them
# would come back here. All sizes fit in this lesson, so you may use `//`. Four loops inside each
# other are just what is wanted: this version is for understanding. Lesson 6 makes it fast.
#
# <details><summary>Stuck? Here are the lines of one solution, out of order and without their
# indentation.</summary>
# <ul>
# <li><code>window = window_at(x_padded[n], i, j, HH, WW, stride)</code></li>
# <li><code>for j in range(W2):</code></li>
# <li><code>out = np.zeros((N, F, H2, W2))</code></li>
# <li><code>for n in range(N):</code></li>
# <li><code>x_padded = zero_pad(x, pad)</code></li>
# <li><code>out[n, f, i, j] = neuron(window, w[f], b[f])</code></li>
# <li><code>for i in range(H2):</code></li>
# <li><code>return out, (x, w, b, conv_param)</code></li>
# <li><code>H2 = (H - HH + 2 * pad) // stride + 1</code></li>
# <li><code>for f in range(F):</code></li>
# <li><code>N, C, H, W = x.shape</code></li>
# <li><code>W2 = (W - WW + 2 * pad) // stride + 1</code></li>
# <li><code>stride, pad = conv_param["stride"], conv_param["pad"]</code></li>
# <li><code>F, C, HH, WW = w.shape</code></li>
# </ul>
# </details>

# %% answer: conv_forward_naive
def conv_forward_naive(x, w, b, conv_param):
    """A convolutional layer, forward.

    x           images: an array of shape (N, C, H, W)
    w           filters: an array of shape (F, C, HH, WW)
    b           biases, one for each filter: an array of shape (F,)
    conv_param  a dict: conv_param["stride"] and conv_param["pad"] are ints

    Returns (out, cache).
    out         array of shape (N, F, H2, W2) with
                H2 = (H - HH + 2*pad)/stride + 1 and W2 = (W - WW + 2*pad)/stride + 1
    cache       a tuple of your choice, for the backward pass; (x, w, b, conv_param) will do
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    x_padded = zero_pad(x, pad)
    H2 = (H - HH + 2 * pad) // stride + 1
    W2 = (W - WW + 2 * pad) // stride + 1
    out = np.zeros((N, F, H2, W2))
    for n in range(N):
        for f in range(F):
            for i in range(H2):
                for j in range(W2):
                    window = window_at(x_padded[n], i, j, HH, WW, stride)
                    out[n, f, i, j] = neuron(window, w[f], b[f])
    return out, (x, w, b, conv_param)
    ### END SOLUTION

# %% check: conv_forward_naive
check("conv_forward_naive", conv_forward_naive)

# %% [markdown]
# Each of the following cells grades one part of the job. So a mistake in the padding, say, costs
# the points for padding, and the others stay yours.

# %% test: conv_forward_naive one filter, 2 points
score = test("conv_forward_naive", conv_forward_naive, group="one filter", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20401)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive many filters, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="many filters", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20402)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive many images, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20403)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive bias, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="bias", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20404)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive padding, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20405)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive stride, 2 points
score = test("conv_forward_naive", conv_forward_naive, group="stride", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20406)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive stride and padding, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="stride and padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20407)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive wide images, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="wide images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20408)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive tall images, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="tall images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20409)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive large filter, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="large filter", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20410)
### END HIDDEN TESTS
score

# %% test: conv_forward_naive everything at once, 1 point
score = test("conv_forward_naive", conv_forward_naive, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20411)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 6 · What the filters see
# *Looking, 8 minutes.*
#
# Now for your prediction. The next cell runs **your** `conv_forward_naive` over the photograph,
# with the filter from the beginning and with the same filter turned by a quarter.

# %% figure: edges
# Below: edges
filters = np.stack([vertical, vertical.T])[:, None]  # shape (2, 1, 3, 3)
try:
    out, cache = conv_forward_naive(photo[None, None], filters, np.zeros(2),
                                    {"stride": 1, "pad": 0})
    edges = pictures.filtered_versions(
        photo, {"vertical edges": out[0, 0], "horizontal edges": out[0, 1]})
except Exception as error:
    edges = None
    not_yet(error, "Here your own conv_forward_naive draws the edges of the photograph. Come back "
                   "when its check says “passed”, and run this cell again.")
edges

# %% [markdown]
# Compare with your prediction. Again 0 is middle grey, white is positive and black is negative.
#
# - The sky is grey: on a flat surface the products cancel.
# - Where the photograph goes from dark to bright, from left to right, the right column of the
#   filter meets the bright pixels, and the sum is positive: white.
# - Where it goes from bright to dark, the sum is negative: black. So a dark pillar has a black line
#   on its left side and a white one on its right.
# - The turned filter does the same from top to bottom. It finds the edges of the roofs.
#
# Nobody told the filters what a pillar is. And they need not know where it is: the same nine
# weights find every vertical edge in the picture.
#
# The next figure is a machine for filters. Choose one, or write nine weights of your own. Predict
# what each will do before you look.

# %% figure: the filter machine
widgets.FilterExplorer("blur")

# %% [markdown]
# In the cell below your own function takes over. Its filter is one that changes nothing. (`photo`
# has only rows and columns. `photo[None, None]` has shape (1, 1, H, W): one image with one
# channel.)
#
# Change the filter, and predict each time. A few to try:
#
# - nine weights of 1/9: what does the mean of nine pixels do to a picture?
# - `[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]`: add up the weights. What happens to the sky?
# - `[[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]`: does it prefer vertical or horizontal edges?
# - `my_filter = vertical`, and `"pad": 1` further down: where does the new line at the rim come
#   from?
#
# A picture without negative numbers is drawn like a photograph, from black for 0 to white.

# %% try: my own filter
my_filter = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])

try:
    my_out, _ = conv_forward_naive(photo[None, None], my_filter[None, None], np.zeros(1),
                                   {"stride": 1, "pad": 0})
    my_picture = pictures.filtered_versions(photo, {"my filter": my_out[0, 0]})
except Exception as error:
    my_picture = None
    not_yet(error, "Here your own conv_forward_naive filters the photograph. Come back when its "
                   "check says “passed”, and run this cell again.")
my_picture

# %% [markdown]
# **They say convolution.** In mathematics a convolution turns the filter by half a turn before it
# lays it on the image: last row first, last column first. What networks do, and what you have
# written, lays the filter on as it is. The proper name for that is **cross-correlation**. In a
# network it makes no difference, because the weights are learned: a layer that flips learns the
# flipped filter. It does matter when you copy a filter from somewhere else. `scipy.signal` has
# `convolve2d`, which flips, and `correlate2d`, which does not.
#
# **Predict:** what would the picture of the vertical edges look like if the filter were flipped?
#
# <details><summary>Answer</summary>
# Flipped, the filter has +1 on the left and -1 on the right: it is the old filter times -1. Black
# and white change places, and the edges stay where they are.
# </details>

# %% [markdown]
# ## 7 · Find the bug
# *Medium, 7 minutes.*
#
# A friend has written the layer in another way: one channel at a time, and the results are added
# up. That is a good idea, since the order of a sum does not matter. The function works for stride 1
# without padding, and on grey images it is right. "But colour images come out too bright," says
# the friend.
#
# First a step of a layer as it should be. The input has three channels, so the filter is three
# channels deep, and everything adds up to a single number.

# %% figure: three channels and one number
pictures.filter_step(
    np.arange(27.0).reshape(3, 3, 3) % 4,
    np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[-1, 0], [0, -1]]], float),
    b=0.5, row=1, column=0,
)

# %% [markdown]
# And here is the friend's code.
#
# **Predict first.** Read it. Which line is wrong? By how much is each number of a colour image off?

# %% try: the friend's layer
def friends_conv(x, w, b):
    """x (N, C, H, W), w (F, C, HH, WW), b (F,) -> out; stride 1, no padding."""
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    out = np.zeros((N, F, H - HH + 1, W - WW + 1))
    for n in range(N):
        for f in range(F):
            for c in range(C):
                for i in range(H - HH + 1):
                    for j in range(W - WW + 1):
                        window = x[n, c, i : i + HH, j : j + WW]
                        out[n, f, i, j] += np.sum(window * w[f, c]) + b[f]
    return out


for channels in (1, 3):
    black = np.zeros((1, channels, 2, 2))  # a black image: all the products are 0
    weights = np.ones((1, channels, 1, 1))
    answer = friends_conv(black, weights, np.array([0.5]))
    print(channels, "channel(s), bias 0.5, the image is black: the friend's output is",
          answer[0, 0, 0, 0])

# %% [markdown]
# Copy the body of the friend's function into the next cell and repair it.

# %% answer: conv_by_channel
def conv_by_channel(x, w, b):
    """A convolutional layer with stride 1 and no padding, one channel at a time.

    x  array of shape (N, C, H, W)
    w  array of shape (F, C, HH, WW)
    b  array of shape (F,)

    Returns out, an array of shape (N, F, H - HH + 1, W - WW + 1).
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    out = np.zeros((N, F, H - HH + 1, W - WW + 1))
    for n in range(N):
        for f in range(F):
            out[n, f] = b[f]
            for c in range(C):
                for i in range(H - HH + 1):
                    for j in range(W - WW + 1):
                        window = x[n, c, i : i + HH, j : j + WW]
                        out[n, f, i, j] += np.sum(window * w[f, c])
    return out
    ### END SOLUTION

# %% check: conv_by_channel
check("conv_by_channel", conv_by_channel)

# %% test: conv_by_channel colour images, 2 points
score = test("conv_by_channel", conv_by_channel, group="colour images", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20501)
### END HIDDEN TESTS
score

# %% [markdown]
# The bias `b[f]` was added once for each channel, and once is enough. So each number was off by
# C - 1 times `b[f]`.
#
# Why had nobody noticed? Because grey images have one channel, and one is the number for which the
# mistake makes no difference. Keep this in mind when you test code: choose numbers that are all
# different, and none of them 0 or 1.

# %% [markdown]
# ## 8 · 1x1 convolution
# *Medium, 8 minutes.*
#
# Some networks use filters of a single pixel. In two dimensions this would be silly: it multiplies
# the picture by a number. But a filter goes through all channels. On an image of 32 x 32 x 3 a
# 1x1 filter computes a dot product of three numbers, at every pixel: so much red, so much green, so
# much blue. The pixel's neighbours play no part.
#
# So a layer of F such filters turns the C numbers of a pixel into F new ones. It is how networks
# make a volume less deep, or mix what other filters have found.

# %% figure: 1x1 convolution
pictures.conv1x1(
    np.arange(18.0).reshape(3, 2, 3) % 5, np.array([[1.0, 0.0, -1.0], [0.5, 0.5, 0.5]]),
    b=np.array([0.0, 1.0]), row=1, column=2,
)

# %% [markdown]
# The filters have the shape (F, C, 1, 1). We leave out the two ones and write `w` with shape (F,
# C). Then `w` is a matrix, and a pixel is a column of C numbers: the new pixel is the matrix times
# the column, plus the biases.
#
# **Predict first.** `w` has shape (1, 3) and holds 0.299, 0.587 and 0.114. The image is a colour
# photograph. What does the layer do to it?
#
# <details><summary>Answer</summary>
# <p>
# It makes a grey picture. These are the weights with which red, green and blue add up to brightness
# (ITU-R BT.601): our eyes take green for the brightest of the three. The figure after the tests
# does it with your function.</p>
# </details>
#
# Loops are fine. So is `conv_forward_naive`, if you give `w` its two ones back and keep only the
# first of the two things that it returns. And so is a single matrix product, if you get the axes in
# order: NumPy's `reshape` never exchanges axes, `transpose` does.

# %% answer: conv1x1
def conv1x1(x, w, b):
    """A convolutional layer with 1x1 filters, stride 1 and no padding.

    x  array of shape (N, C, H, W)
    w  array of shape (F, C)
    b  array of shape (F,)

    Returns out, an array of shape (N, F, H, W).
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    out = np.zeros((N, len(b), H, W))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                out[n, :, i, j] = w @ x[n, :, i, j] + b
    return out
    ### END SOLUTION

# %% check: conv1x1
check("conv1x1", conv1x1)

# %% test: conv1x1 one image, 1 point
score = test("conv1x1", conv1x1, group="one image", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20601)
### END HIDDEN TESTS
score

# %% test: conv1x1 many images, 1 point
score = test("conv1x1", conv1x1, group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20602)
### END HIDDEN TESTS
score

# %% test: conv1x1 bias, 1 point
score = test("conv1x1", conv1x1, group="bias", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20603)
### END HIDDEN TESTS
score

# %% test: conv1x1 everything at once, 1 point
score = test("conv1x1", conv1x1, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=20604)
### END HIDDEN TESTS
score

# %% figure: mixtures of colours
# Below: mixtures of colours
colours = data.photograph()[:, 30:126, 45:173]
mixtures = np.array([[0.299, 0.587, 0.114], [1.0, 0.0, -1.0], [-1.0, 2.0, -1.0]])
try:
    mixed = conv1x1(colours[None], mixtures, np.zeros(3))[0]
    mixed_photo = pictures.filtered_versions(
        colours, {"brightness": mixed[0], "red minus blue": mixed[1],
                  "green minus the others": mixed[2]})
except Exception as error:
    mixed_photo = None
    not_yet(error, "Here your own conv1x1 mixes the colours of the photograph. Come back when its "
                   "check says “passed”, and run this cell again.")
mixed_photo

# %% [markdown]
# "Red minus blue" is bright where the photograph is reddish, and dark in the blue sky. It picks out
# the building by its colour alone: a new pixel is made of one old pixel, so it knows nothing of
# edges.

# %% [markdown]
# ## 9 · In your own words
# *8 minutes, 3 points, read by a person.*
#
# Look at the picture of the vertical edges again, and think of the dot product. Answer in a few
# sentences. Double-click the cell below to write in it.
#
# 1. What has to be under the filter for a large positive number, for a large negative one, and for
#    a number near 0?
# 2. The weights of the filter add up to 0. What would the sky look like in the output if the three
#    zeros in the middle were replaced by ones, and why?
# 3. Could one of the output's numbers tell you, all by itself, that there is a *pillar*? Say why or
#    why not.
#
# Studying alone? Save the notebook when you have written yours. Then `solution("what a filter
# sees")`, in a cell of your own, shows a model answer and the marks to grade yourself by.

# %% essay: what a filter sees, 3 points [markdown]
# 1. The sum is large and positive where the right column of the filter lies on bright pixels and
# the left column on dark ones, so at an edge from dark to bright. It is large and negative at an
# edge from bright to dark. It is near 0 where left and right are equally bright: on a flat surface,
# and also on a horizontal edge.
#
# 2. The weights would then add up to 3. On the sky, where all nine pixels have about the same value
# v, the sum would be 3v and no longer 0: the bright sky would come out bright, and the edges would
# be a small change on top of the brightness.
#
# 3. No. The number depends on the nine pixels of its window alone, and a lamp post or the rim of a
# door gives the same nine pixels as a pillar. To tell them apart one has to look at many edges
# together, over a larger region, which is what later layers do.
#
# === BEGIN MARK SCHEME ===
# One point for each part.
#
# - **Part 1, 1 point:** positive and negative are told apart by the direction of the change (dark
#   to bright, or bright to dark), and "near 0" is put down to left and right being alike. Only "it
#   finds edges", without direction or reason: 0.5.
# - **Part 2, 1 point:** the sky comes out bright (or: "no longer grey, in proportion to its
#   brightness"), with the reason that the weights no longer cancel. The right outcome without the
#   reason: 0.5.
# - **Part 3, 1 point:** no, because one number sees one small window, or because many things have
#   the same edge. "No, it only finds edges", without saying why that is not enough: 0.5. A bare
#   "no": 0. A well-argued "yes, if the window were as large as the pillar": 1.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## Common mistakes
#
# - **Square thinking.** One size for height and width. It works on every square test image, and
#   then somebody brings a panorama.
# - **The window starts at `i`** where it should start at `i * stride`.
# - **`range(0, H, stride)` over the image without its padding.** Loop over the output instead:
#   `range(H2)` cannot run off the edge.
# - **`x[:, :, pad:-pad, pad:-pad]`** is empty for `pad` 0, since `-0` is 0. Write `pad : pad + H`.
# - **The bias inside a loop or a sum,** where it is added several times.
# - **`np.pad(x, pad)`** pads all four axes, images and channels too.
#
# ## In two lines
#
# A convolutional layer asks the same small neuron, a dot product plus a bias, at every window.
# Stride says how far apart the windows are, padding lets them reach the rim, and each filter makes
# one channel of the output.
#
# ## Further reading
#
# - CS231n, *Convolutional Neural Networks*: "Convolutional Layer", with an animated demo of the
#   layer that you have written.
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016): every
#   stride and padding as a picture.
# - M. Lin, Q. Chen, S. Yan, *Network In Network* (2014): where 1x1 convolutions come from.
#
# Next: lesson 3 runs the same layer backwards. Your cache will be needed.
#
# What you have done so far; only your own folder knows it:

# %% figure: my progress
from course_lib import progress

progress()
