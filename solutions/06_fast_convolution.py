# %% [markdown]
# # 6 · Fast convolution
#
# Your convolutional layer is right, and it is slow. In this lesson you lay the numbers out in
# another way. Then one matrix product does all the work, and the layer becomes many times faster.
# How many times it is on your machine, you will measure in section 7.
#
# **After it you can**
#
# - write the windows of an image as the columns of a matrix, without a loop over the windows,
# - run a convolutional layer forwards and backwards as matrix products,
# - say what the trick costs in memory, and why it is worth it,
# - move between the axes of an array with `reshape` and `transpose`, and know which does what.
#
# **Time:** about 90 minutes. **You need:** lessons 2 and 3, and what a matrix product is.
#
# Run the cells from top to bottom with Shift + Enter. Cells that say `# YOUR CODE HERE` are yours.
# A `check` cell tells you at once how you are doing. It costs nothing. Stuck? `hint()`, in a cell
# of your own, gives a step towards the function that you have checked last, never the answer.

# %% setup
import time

import numpy as np

# “No module named”? Then this kernel is not the course's. Choose another: menu
# Kernel, Change Kernel; or open the lessons as the student guide describes.
# “cannot import name”? Then the course is older than this notebook: update it,
# then restart the kernel.
from course_lib import check, hint, not_yet, pictures, reset, solution, test, widgets

# %% [markdown]
# ## Before you start: a prediction
#
# AlexNet, the network that made convolution famous in 2012, begins with a convolutional layer. The
# image has 227 x 227 pixels and 3 channels. There are 96 filters of 11 x 11, with stride 4 and
# without padding. So the output is 55 x 55 x 96 = 290,400 numbers, and each of them is a dot
# product of 11 · 11 · 3 = 363 numbers.
#
# Here are the two halves of the layer as you know them from lessons 2 and 3. **If you have your
# own, paste both over these**, together with the functions that they call. You will race against
# them.

# %% given: conv_forward_naive from 02_convolution_forward
from autograder.lessons.given import answer_of
conv_forward_naive = answer_of("02_convolution_forward", "conv_forward_naive")

# %% given: conv_backward_naive from 03_convolution_backward
from autograder.lessons.given import answer_of
conv_backward_naive = answer_of("03_convolution_backward", "conv_backward_naive")

# %% [markdown]
# The next cell runs AlexNet's first layer on one image, in these loops. It takes a few seconds.

# %% try: AlexNet in loops
rng = np.random.default_rng(0)
alexnet_x, alexnet_w = rng.random((1, 3, 227, 227)), rng.standard_normal((96, 3, 11, 11))
alexnet_b, alexnet_param = rng.standard_normal(96), {"stride": 4, "pad": 0}

start = time.perf_counter()
alexnet_out, _ = conv_forward_naive(alexnet_x, alexnet_w, alexnet_b, alexnet_param)
loop_seconds = time.perf_counter() - start

multiplications = alexnet_out.size * alexnet_w[0].size
print(f"{multiplications:,} multiplications in {loop_seconds:.2f} s:",
      f"{multiplications / loop_seconds / 1e6:.0f} million a second")

# %% [markdown]
# The next one takes two matrices of random numbers and multiplies them, with NumPy's `@`. Row times
# column, 96 x 3025 times, 363 multiplications each: **exactly as many multiplications.**
#
# **Predict first.** How many times faster will it be? Write your guess down, then run the cell.

# %% try: my prediction
my_prediction = "... times faster"

# %% try: one matrix product
left, right = rng.standard_normal((96, 363)), rng.standard_normal((363, 3025))
product_seconds = np.inf
for _ in range(5):  # the fastest of five: the first run is busy with other things
    start = time.perf_counter()
    left @ right
    product_seconds = min(product_seconds, time.perf_counter() - start)
print(f"{96 * 363 * 3025:,} multiplications in {product_seconds:.4f} s:",
      f"{loop_seconds / product_seconds:.0f} times faster than the loops")

# %% [markdown]
# The same amount of work, and another world. In your loops, Python spends its time **between** the
# dot products: it looks up names, cuts out a window, calls `np.sum`, and starts over, 290,400
# times. A matrix product is a single call. Inside it, a program that has been tuned for decades
# goes through the numbers in the order that the processor likes best.
#
# So here is the plan for this lesson. **Turn the convolution into one matrix product.**

# %% [markdown]
# ## 1 · Two matrices
# *Easy, 7 minutes.*
#
# Look at what the layer does: **every** filter meets **every** window in a dot product. And look at
# what a matrix product does: every row of the left matrix meets every column of the right one in a
# dot product.
#
# So make each **filter a row**, and each **window a column**. Then the product holds, in row f and
# column k, the answer of filter f to window k. All answers at once.
#
# This is AlexNet's first layer. The sides are not quite to scale.

# %% figure: AlexNet as a product
pictures.matrix_product(np.zeros((1, 3, 227, 227)), np.zeros((96, 3, 11, 11)), stride=4)

# %% [markdown]
# The CS231n notes call the left matrix `W_row` and the right one `X_col`. They write the sizes as
# [96 x 363] and [363 x 3025]. Here is the bridge to our letters:
#
# | | the notes | our code |
# |---|---|---|
# | filters, one a row | `W_row`: K rows, F · F · D columns | `w` reshaped to (F, C\*HH\*WW) |
# | windows, one a column | `X_col`: F · F · D rows | `cols`: (C\*HH\*WW, N\*H2\*W2) |
# | their product | [96 x 3025], reshaped to [55 x 55 x 96] | (F, N\*H2\*W2), to (N, F, H2, W2) |
#
# The notes look at one image. We have N of them: the windows of all images stand side by side in
# one matrix. H2 and W2 are the height and width of the output. Lesson 1 has the formula for them,
# and you find it in the loops above, too.
#
# **Predict first.** Two images of 32 x 32 pixels and 3 channels, ten filters of 5 x 5, stride 1,
# padding 2. Which shapes do the two matrices have?
#
# <details><summary>Answer</summary>
# The filters are (10, 75), since 3 · 5 · 5 = 75. The output is 32 x 32 for each image, so there are
# 2 · 32 · 32 = 2048 windows: the columns are (75, 2048).
# </details>

# %% answer: matrix_shapes
def matrix_shapes(x_shape, w_shape, stride, pad):
    """The shapes of the two matrices whose product is a convolution.

    x_shape  (N, C, H, W), the shape of the images
    w_shape  (F, C, HH, WW), the shape of the filters

    Returns two tuples: the shape of the filters as rows, and that of the windows as columns. All
    sizes fit.
    """
    ### BEGIN SOLUTION
    N, C, H, W = x_shape
    F, C, HH, WW = w_shape
    H2 = (H - HH + 2 * pad) // stride + 1
    W2 = (W - WW + 2 * pad) // stride + 1
    size = C * HH * WW
    return (F, size), (size, N * H2 * W2)
    ### END SOLUTION

# %% check: matrix_shapes
check("matrix_shapes", matrix_shapes)

# %% test: matrix_shapes one image, 1 point
score = test("matrix_shapes", matrix_shapes, group="one image", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60101)
### END HIDDEN TESTS
score

# %% test: matrix_shapes many images and padding, 1 point
score = test("matrix_shapes", matrix_shapes, group="many images and padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60102)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 2 · One window, one column
# *Easy, one line, 6 minutes.*
#
# The picture shows an image of 4 x 4 pixels, and its nine windows of 2 x 2 as columns. Window 5 is
# framed, on the left and on the right.

# %% figure: im2col
pictures.im2col(np.arange(1.0, 17.0).reshape(4, 4), 2, 2, window=5)

# %% [markdown]
# Writing a window as a column is called **unrolling** it. In which order? In a dot product the
# order does not matter, **as long as the filter is unrolled in the same order**. Filters are stored
# as (C, HH, WW), and `reshape` reads an array as we read a text: the last axis runs fastest. So the
# order is: the first channel row by row, then the second channel, and so on.
#
# Walk along the windows. Then set the number of channels to 2. Where in the column does the second
# channel begin? (The letters are those of the notes: here F is the size of the window.)

# %% figure: the walking window
widgets.Im2colExplorer(C=1, W=4, F=2, S=1, P=0)

# %% [markdown]
# **Predict first.** A window of 3 x 3 in an image with 2 channels. In which row of the column
# stands the middle pixel of the second channel, counted from 0?
#
# <details><summary>Answer</summary>
# <p>In row 13. The first channel takes rows 0 to 8. In the second, the middle pixel is number 4:
# 9 + 4 = 13. In general: (c · HH + row) · WW + column.</p>
# </details>
#
# Fill in the one line that is missing.

# %% answer: window_to_column
def window_to_column(x, i, j, HH, WW, stride):
    """Window (i, j) of one image as a column.

    x       one image, padded already: an array of shape (C, H, W)
    i, j    row and column of the output, both from 0

    Returns an array of shape (C*HH*WW,).
    """
    top, left = i * stride, j * stride
    window = x[:, top : top + HH, left : left + WW]
    # The window has three axes. Make it one.
    ### BEGIN SOLUTION
    return window.reshape(-1)
    ### END SOLUTION

# %% check: window_to_column
check("window_to_column", window_to_column)

# %% test: window_to_column one window, 1 point
score = test("window_to_column", window_to_column, group="one window", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60201)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 3 · One weight, one row
# *Medium, one line, 8 minutes.*
#
# With this function you could build the matrix: one column after the other. But AlexNet has 3,025
# windows for each image, and a loop over them is what we want to get rid of.
#
# So look at the matrix from the side. A **column** is a window: all pixels that it sees. What is a
# **row**? Each row belongs to **one weight**. It holds the pixels that this weight meets, in window
# after window.
#
# In the picture the stride is 2 and the filter is 3 x 3. The weight in row 1, column 2 of the
# filter is marked. It meets six pixels, one in each window.

# %% figure: the pixels of one weight
# Below: pixels of one weight
from course_lib.pictures.picture import FILTER, INPUT, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def pixels_of_one_weight(di, dj, stride, H2, W2):
    H, W = (H2 - 1) * stride + 3, (W2 - 1) * stride + 3
    x = np.arange(H * W).reshape(H, W)
    met = [x[i * stride + di, j * stride + dj] for i in range(H2) for j in range(W2)]
    scene = Scene(W + 15.2, H + 2.2)
    scene.text(1.9, 1.4, "filter")
    scene.grid(np.full((3, 3), np.nan), 0.4, 2, lambda i, j: tint(
        FILTER, 0.8 if (i, j) == (di, dj) else 0.15))
    scene.text(4.8 + W / 2, 0.6, "x, and where the marked weight lies")
    scene.grid(x, 4.8, 1.2, lambda i, j: tint(INPUT, 0.12) if x[i, j] not in met else tint(
        FILTER, 0.55))
    scene.box(4.8, 1.2, 3, 3, edge=WINDOW, line=2.6, zorder=3)
    scene.arrow((5.3 + W, 1.2 + H / 2), (6.5 + W, 1.2 + H / 2))
    scene.text(10 + W, 1.9, "one row of cols")
    scene.grid(np.array([met]), 7 + W, 2.6, tint(FILTER, 0.55))
    for k in range(len(met)):
        scene.text(7.5 + W + k, 2.36, f"{k}", 7)
    scene.text(10 + W, 4.2, "one number for each window", 9)
    numbers = ", ".join(str(v) for v in met)
    return Picture(scene.figure, f"An image of {H}x{W} with pixels numbered from 0, a 3x3 filter "
                   f"and stride {stride}. The weight in row {di}, column {dj} meets the pixels "
                   f"{numbers}, one in each of the {H2 * W2} windows. They are one row of cols.")


pixels_of_one_weight(1, 2, 2, 2, 3)

# %% [markdown]
# The six pixels stand in a grid: every second row, every second column. NumPy can take them all at
# once. A slice has three parts, **start : end : step**.
#
# **Predict first.** The stride is 2, and there are H2 = 2 windows from top to bottom. In the first
# one, the weight in row 1 of the filter lies on pixel row 1. On which pixel row does it lie in the
# next window? Which start, end and step take just these rows?
#
# <details><summary>Answer</summary>
# <p>
# Rows 1 and 3, one stride further. <code>1:5:2</code> takes them: it starts at 1, goes 2 steps of
# 2, and stops before 5. (<code>1:4:2</code> does so, too.)</p>
# </details>
#
# Fill in the line, for all images and all channels at once.

# %% answer: pixels_of_weight
def pixels_of_weight(x_padded, di, dj, H2, W2, stride):
    """The pixels that one place of the filter meets in all windows.

    x_padded  padded images: an array of shape (N, C, height, width)
    di, dj    row and column in the filter, both from 0
    H2, W2    number of windows from top to bottom and from left to right
    stride    pixels from one window to the next

    Returns an array of shape (N, C, H2, W2).
    """
    # The first window has this place at pixel (di, dj). There are H2 x W2 of them.
    ### BEGIN SOLUTION
    return x_padded[:, :, di : di + stride * H2 : stride, dj : dj + stride * W2 : stride]
    ### END SOLUTION

# %% check: pixels_of_weight
check("pixels_of_weight", pixels_of_weight)

# %% test: pixels_of_weight stride 1, 1 point
score = test("pixels_of_weight", pixels_of_weight, group="stride 1", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60301)
### END HIDDEN TESTS
score

# %% test: pixels_of_weight larger strides, 1 point
score = test("pixels_of_weight", pixels_of_weight, group="larger strides", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60302)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 4 · im2col
# *The first big one, 13 minutes.*
#
# The function that lays an image out as columns has a name: **im2col**, image to columns. You have
# its heart. Loop over the places of the filter. Each place gives one row of the matrix for every
# channel. AlexNet's filters have 11 · 11 = 121 places. So there are 121 steps in Python instead of
# 3,025. It stays at 121 however large the image is, and however many images there are.
#
# Here is a matrix of two channels. Follow one row: it is one place of the filter in one channel.

# %% figure: two channels as columns
pictures.im2col(np.arange(1.0, 19.0).reshape(2, 3, 3), 2, 2, window=1)

# %% [markdown]
# The one hard thing is to keep the axes apart. So do not begin with a matrix. Begin with an array
# of **six axes**, with a name for each:
#
# `cols[c, di, dj, n, i, j]`, of shape (C, HH, WW, N, H2, W2)
#
# The first three say which weight, the last three which window. At the very end one `reshape` joins
# the first three to rows, and the last three to columns.
#
# **Predict first.** `pixels_of_weight` returns an array (N, C, H2, W2). The place for it is
# `cols[:, di, dj]`. Which shape does this have, and so what has to be done to the pixels?
#
# <details><summary>Answer</summary>
# <p><code>cols[:, di, dj]</code> has the axes that are left: (C, N, H2, W2). So images and channels
# have to change places: <code>.transpose(1, 0, 2, 3)</code>.</p>
# </details>
#
# **`reshape` or `transpose`?** An array is a long line of numbers and a rule for how to count along
# it. `reshape` keeps the line and changes the rule: it may split an axis or join neighbours, and it
# never exchanges two. `transpose` exchanges axes. Try it:

# %% try: reshape and transpose
a = np.array([[0, 1, 2], [10, 11, 12]])
print("a, shape", a.shape)
print(a)
print("a.reshape(3, 2)")
print(a.reshape(3, 2))
print("a.transpose(1, 0)")
print(a.transpose(1, 0))

# %% [markdown]
# <details><summary>Stuck? Here are the lines of one solution, out of order and without their
# indentation.</summary>
# <ul>
# <li><code>cols[:, di, dj] = pixels.transpose(1, 0, 2, 3)</code></li>
# <li><code>W2 = (W - WW + 2 * pad) // stride + 1</code></li>
# <li><code>for dj in range(WW):</code></li>
# <li><code>cols = np.zeros((C, HH, WW, N, H2, W2))</code></li>
# <li><code>return cols.reshape(C * HH * WW, N * H2 * W2)</code></li>
# <li><code>N, C, H, W = x.shape</code></li>
# <li><code>pixels = pixels_of_weight(x_padded, di, dj, H2, W2, stride)</code></li>
# <li><code>for di in range(HH):</code></li>
# <li><code>x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))</code></li>
# <li><code>H2 = (H - HH + 2 * pad) // stride + 1</code></li>
# </ul>
# </details>

# %% answer: im2col
def im2col(x, HH, WW, stride, pad):
    """Lay all windows out as the columns of a matrix.

    x       images: an array of shape (N, C, H, W)
    HH, WW  height and width of a window
    stride  pixels from one window to the next
    pad     width of the frame of zeros around each image

    Returns an array of shape (C*HH*WW, N*H2*W2). A column is a window, unrolled in the order C, HH,
    WW. The windows of the first image come first, row by row, then those of the second.
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    H2 = (H - HH + 2 * pad) // stride + 1
    W2 = (W - WW + 2 * pad) // stride + 1
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.zeros((C, HH, WW, N, H2, W2))
    for di in range(HH):
        for dj in range(WW):
            pixels = pixels_of_weight(x_padded, di, dj, H2, W2, stride)
            cols[:, di, dj] = pixels.transpose(1, 0, 2, 3)
    return cols.reshape(C * HH * WW, N * H2 * W2)
    ### END SOLUTION

# %% check: im2col
check("im2col", im2col)

# %% test: im2col one channel, 1 point
score = test("im2col", im2col, group="one channel", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60401)
### END HIDDEN TESTS
score

# %% test: im2col channels, 1 point
score = test("im2col", im2col, group="channels", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60402)
### END HIDDEN TESTS
score

# %% test: im2col many images, 1 point
score = test("im2col", im2col, group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60403)
### END HIDDEN TESTS
score

# %% test: im2col padding, 1 point
score = test("im2col", im2col, group="padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60404)
### END HIDDEN TESTS
score

# %% test: im2col stride, 1 point
score = test("im2col", im2col, group="stride", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60405)
### END HIDDEN TESTS
score

# %% test: im2col non-square, 1 point
score = test("im2col", im2col, group="non-square", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60406)
### END HIDDEN TESTS
score

# %% test: im2col everything at once, 1 point
score = test("im2col", im2col, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60407)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 5 · Find the bug: back to images
# *Medium, 7 minutes.*
#
# The product of the two matrices is a matrix: F rows, one for each filter, and N\*H2\*W2 columns.
# The next layer wants it as (N, F, H2, W2). A friend has written a single line for it. "It has
# worked with every image that I have tried, one after the other," says the friend.
#
# Lessons 3 and 5 showed bugs that we had counted in published code. This one we have not counted,
# since we counted in loops. But it is a classic wherever people reshape. No error message will ever
# tell you.

# %% figure: the product of two images
# Below: two images' product
from course_lib.pictures.picture import FAINT, INPUT, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def product_of_two_images():
    scene = Scene(15.4, 6.6)
    scene.text(7.8, 0.5, "product, (F, N·H2·W2) = (3, 2·4)")
    for f in range(3):
        scene.text(2.5, 1.5 + f, f"filter {f}", 9, ha="right")
        for k in range(8):
            n, p = divmod(k, 4)
            scene.box(3 + 1.25 * k, 1 + f, 1.25, 1, tint(WINDOW if n else INPUT, 0.35), FAINT, 0.6)
            scene.text(3.62 + 1.25 * k, 1.5 + f, f"{f}·{n}·{p}", 8.5)
    for n in range(2):
        scene.text(5.5 + 5 * n, 4.5, f"image {n}, positions 0 to 3", 9, weight="bold")
    scene.text(7.8, 5.7, "each entry: filter · image · position in the output", 9)
    return Picture(scene.figure, "The product of 3 filters and 2 images with 4 positions each: "
                   "row f holds first the 4 positions of image 0, then the 4 positions of image 1. "
                   "So its axes are filter, image, position, in this order.")


product_of_two_images()

# %% [markdown]
# **Predict first.** Read the friend's line in the cell below, and do not run it yet. The cell fills
# a small product with numbers that say where they belong: 502 is filter 5, image 0, position 2. In
# `out[n, f]` there should be the numbers of image n and filter f. The cell prints three activation
# maps. Which of them will be right, and what do the others hold?

# %% try: the friend's reshape
def friends_output(product, N, H2, W2):
    """product (F, N*H2*W2) -> out (N, F, H2, W2)"""
    return product.reshape(N, len(product), H2, W2)


f, n, position = np.meshgrid(np.arange(7), np.arange(2), np.arange(4), indexing="ij")
labelled = (100 * f + 10 * n + position).reshape(7, 8)  # 7 filters, 2 images of 2 x 2 positions
friends = friends_output(labelled, 2, 2, 2)
for n, f, right in ((0, 0, "0 to 3"), (0, 5, "500 to 503"), (1, 2, "210 to 213")):
    print(f"out[{n}, {f}] should hold {right}, and holds", friends[n, f].ravel())

# %% [markdown]
# Write it so that it works for any number of images.

# %% answer: output_from_product
def output_from_product(product, N, H2, W2):
    """The output of the layer from the matrix product.

    product  array of shape (F, N*H2*W2)

    Returns an array of shape (N, F, H2, W2).
    """
    ### BEGIN SOLUTION
    F = len(product)
    return product.reshape(F, N, H2, W2).transpose(1, 0, 2, 3)
    ### END SOLUTION

# %% check: output_from_product
check("output_from_product", output_from_product)

# %% test: output_from_product many images, 2 points
score = test("output_from_product", output_from_product, group="many images", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60501)
### END HIDDEN TESTS
score

# %% [markdown]
# Why had the friend not noticed? With a single image the two axes may stand in either order. One is
# the number for which this mistake makes no difference.

# %% [markdown]
# ## 6 · The layer as one product
# *Medium, 10 minutes.*
#
# Now it is short. Columns, product, bias, and back to images. Here are the shapes for two filters
# and one image with three channels. With one image a `reshape` is enough at the end. You have
# `output_from_product`, which works with several.

# %% figure: a small product
pictures.matrix_product(np.zeros((1, 3, 5, 5)), np.zeros((2, 3, 3, 3)), stride=2, pad=1)

# %% [markdown]
# **Predict first.** `b` has shape (F,), the product (F, N\*H2\*W2). What does `product + b` do?
# What do you have to write?
#
# <details><summary>Answer</summary>
# <p>
# NumPy lines shapes up at their ends, so it would add <code>b</code> along the columns: an error,
# or worse, no error if there happen to be F columns. Give it a second axis:
# <code>b.reshape(F, 1)</code> or <code>b[:, None]</code> adds b[f] to all of row f.</p>
# </details>
#
# The cache is yours again. In section 9 you will need the columns, `w`, the shape of `x`, the
# stride and the padding.
#
# The last group of tests, "many positions", looks at the way and not at the result. It asks for a
# layer **without a Python loop over the positions** of the output. Loops over the places of the
# filter, as in your `im2col`, are fine.

# %% answer: conv_forward_fast
def conv_forward_fast(x, w, b, conv_param):
    """A convolutional layer, forward, as one matrix product.

    x           images: an array of shape (N, C, H, W)
    w           filters: an array of shape (F, C, HH, WW)
    b           biases: an array of shape (F,)
    conv_param  a dict: conv_param["stride"] and conv_param["pad"] are ints

    Returns (out, cache), with out of shape (N, F, H2, W2). No Python loop over positions.
    """
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    H2 = (H - HH + 2 * pad) // stride + 1
    W2 = (W - WW + 2 * pad) // stride + 1
    cols = im2col(x, HH, WW, stride, pad)
    product = w.reshape(F, C * HH * WW) @ cols + b.reshape(F, 1)
    return output_from_product(product, N, H2, W2), (cols, x.shape, w, conv_param)
    ### END SOLUTION

# %% check: conv_forward_fast
check("conv_forward_fast", conv_forward_fast)

# %% test: conv_forward_fast one image, 1 point
score = test("conv_forward_fast", conv_forward_fast, group="one image", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60601)
### END HIDDEN TESTS
score

# %% test: conv_forward_fast many images, 1 point
score = test("conv_forward_fast", conv_forward_fast, group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60602)
### END HIDDEN TESTS
score

# %% test: conv_forward_fast bias, 1 point
score = test("conv_forward_fast", conv_forward_fast, group="bias", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60603)
### END HIDDEN TESTS
score

# %% test: conv_forward_fast stride and padding, 1 point
score = test("conv_forward_fast", conv_forward_fast, group="stride and padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60604)
### END HIDDEN TESTS
score

# %% test: conv_forward_fast non-square, 1 point
score = test("conv_forward_fast", conv_forward_fast, group="non-square", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60605)
### END HIDDEN TESTS
score

# %% test: conv_forward_fast many positions, 1 point
score = test("conv_forward_fast", conv_forward_fast, group="many positions", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60606)
### END HIDDEN TESTS
score

# %% test: conv_forward_fast everything at once, 1 point
score = test("conv_forward_fast", conv_forward_fast, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60607)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 7 · The race
# *Looking, 6 minutes.*
#
# AlexNet's first layer again, now with **your** function.

# %% try: AlexNet as one product
try:
    fast_seconds = np.inf
    for _ in range(3):
        start = time.perf_counter()
        fast_out, _ = conv_forward_fast(alexnet_x, alexnet_w, alexnet_b, alexnet_param)
        fast_seconds = min(fast_seconds, time.perf_counter() - start)
    print(f"loops {loop_seconds:.2f} s, your matrix product {fast_seconds:.3f} s:",
          f"{loop_seconds / fast_seconds:.0f} times faster")
    print(f"largest difference of the results: {np.abs(fast_out - alexnet_out).max():.0e}")
except Exception as error:
    not_yet(error, "Here AlexNet's first layer runs with your matrix product. Come back when the "
                   "check of conv_forward_fast says “passed”, and run this cell again.")

# %% [markdown]
# Compare with your prediction. It is less than the bare product promised, because `im2col` has to
# copy 1,098,075 numbers first. And the results are not quite the same: sums in another order are
# rounded in another way. A difference around 1e-13 is nothing.
#
# **Predict first.** The figure lets the two run on images of 4 x 4, 8 x 8, and so on. For which of
# them will the matrix product be ahead most, the smallest or the largest?

# %% figure: the race
# Below: the race
import time as clock

from course_lib.pictures.picture import SERIES, Picture, drawing, figure


def race(sizes=(4, 8, 16, 32, 64)):
    """The best of three times for each size, in milliseconds: the loops', the product's."""
    rng = np.random.default_rng(0)
    w, b, conv_param = rng.standard_normal((4, 3, 3, 3)), np.zeros(4), {"stride": 1, "pad": 1}
    times = []
    for size in sizes:
        x, row = rng.standard_normal((1, 3, size, size)), []
        for layer in (conv_forward_naive, conv_forward_fast):
            taken = []
            for _ in range(3):
                start = clock.perf_counter()
                layer(x, w, b, conv_param)
                taken.append(1000 * (clock.perf_counter() - start))
            row.append(min(taken))
        times.append(row)
    return sizes, np.array(times)


@drawing
def drawn_race(sizes, times):
    made = figure(3.6, 6.4, layout="constrained")
    ax = made.subplots()
    for k, (name, style) in enumerate((("your loops", "o-"), ("your matrix product", "s--"))):
        ax.loglog(sizes, times[:, k], style, color=SERIES[k], lw=2, label=name)
    for size, (slow, fast) in zip(sizes, times, strict=True):
        ax.annotate(f"{slow / fast:.0f}x", (size, np.sqrt(slow * fast)), ha="center", fontsize=9)
    ax.set(xlabel="image of size x size pixels, 3 channels, 4 filters of 3 x 3",
           ylabel="milliseconds", xticks=sizes, xticklabels=[str(s) for s in sizes])
    ax.minorticks_off()
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend()
    lines = [f"{size:3} x {size:<3} loops {slow:9.3f} ms   product {fast:8.3f} ms   "
             f"{slow / fast:.0f} times faster"
             for size, (slow, fast) in zip(sizes, times, strict=True)]
    last = times[-1, 0] / times[-1, 1]
    return Picture(made, "Milliseconds of your loops and of your matrix product, by image size. "
                   f"At {sizes[-1]} x {sizes[-1]} pixels the product is {last:.0f} times faster.",
                   "\n".join(lines))


try:
    the_race = drawn_race(*race())
except Exception as error:
    the_race = None
    not_yet(error, "Here your loops race against your matrix product. Come back when the check of "
                   "conv_forward_fast says “passed”, and run this cell again.")
the_race

# %% [markdown]
# On the smallest images the product is least ahead: a call of NumPy costs some microseconds,
# however few numbers it is given. On larger images the loops pay for every position. The product
# still makes nine steps in Python, one for each place of the filter. NumPy does the rest.
#
# **What it costs.** Nothing is free: the columns hold most pixels several times.
#
# **Predict first.** A filter of 3 x 3, stride 1, padding 1. How many times as many numbers are in
# the columns as in the image? And for AlexNet's first layer?
#
# <details><summary>Answer</summary>
# <p>9 times. There are as many windows as pixels, and each holds 9 numbers for every channel.<br>
# AlexNet: 363 · 3,025 = 1,098,075 numbers instead of 227 · 227 · 3 = 154,587, about 7.1 times. With
# stride 4 and 11 rows in a window, most rows are in two or three windows, and so are the columns:
# 2.67 · 2.67 = 7.1 on average.</p>
# </details>
#
# | layer | images | numbers in x | numbers in the columns | in float32 |
# |---|---|---|---|---|
# | AlexNet, first: 11 x 11, stride 4 | 1 | 154,587 | 1,098,075 | 4.4 MB |
# | VGG-16, second: 3 x 3 on 224 x 224 x 64 | 1 | 3,211,264 | 28,901,376 | 115.6 MB |
# | the same | 32 | 102,760,448 | 924,844,032 | 3.7 GB |
#
# A number in float32 takes 4 bytes. NumPy's own choice, float64, takes twice as much.
#
# That is why libraries rarely write the whole matrix down. They make the columns of a few windows,
# multiply, and forget them. The idea is the same.

# %% [markdown]
# ## 8 · col2im
# *The second big one, 13 minutes.*
#
# Now backwards. Most of the backward pass will be matrix products, too. But it ends with the
# gradient of the **columns**, and we want the gradient of the **image**.
#
# `im2col` copies each pixel into several columns. Each copy reaches the loss on a path of its own.
# And what happens to several paths? **They add up.** So `col2im` puts every number back to the
# place that it was copied from, and adds up those that meet.
#
# The picture shows it in one dimension. Four pixels, windows of two, three columns.

# %% figure: copies and sums
# Below: copies and sums
from course_lib.pictures.picture import INPUT, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def copies_and_sums():
    scene = Scene(15.6, 5.8)
    cols, sums = np.array([[1.0, 2.0, 3.0], [20.0, 30.0, 40.0]]), np.array([1.0, 22.0, 33.0, 40.0])
    scene.text(2.4, 0.6, "4 pixels")
    scene.grid(np.arange(4)[None] * np.nan, 0.4, 1.6, tint(INPUT, 0.25))
    for k in range(4):
        scene.text(0.9 + k, 2.1, "abcd"[k], 11)
    scene.arrow((4.7, 2.1), (6.2, 2.1))
    scene.text(5.4, 1.5, "im2col", 9)
    scene.grid(np.full((2, 3), np.nan), 6.5, 1.1, tint(WINDOW, 0.25))
    for i, letters in enumerate(("abc", "bcd")):
        for j, letter in enumerate(letters):
            scene.text(7 + j, 1.6 + i, letter, 11)
    scene.text(8, 0.6, "3 columns")
    scene.text(12.6, 2.1, "b and c stand there twice", 9)
    scene.grid(cols, 6.5, 3.4, tint(WINDOW, 0.25))
    scene.arrow((6.2, 4.4), (4.7, 4.4))
    scene.text(5.4, 3.8, "col2im", 9)
    scene.grid(sums[None], 0.4, 3.9, tint(INPUT, 0.25))
    scene.text(12.6, 4.1, "their gradients", 9)
    scene.text(12.6, 4.8, "2 + 20 = 22,  3 + 30 = 33", 9)
    return Picture(scene.figure, "im2col copies the pixels a, b, c, d to the columns ab, bc, cd. "
                   "col2im takes columns (1, 20), (2, 30), (3, 40) and gives 1, 2 + 20 = 22, "
                   "3 + 30 = 33, 40: what came from the same pixel is added up.")


copies_and_sums()

# %% [markdown]
# **Predict first.** If all numbers in the columns are 1, `col2im` counts how often each pixel was
# copied. An image of 5 x 5, windows of 3 x 3, stride 1, no padding. Which number stands in the
# corner, which in the middle? And with stride 2?
#
# <details><summary>Answer</summary>
# Stride 1: 1 in the corner and 9 in the middle, as in lesson 3: the middle pixel is in all nine
# windows. Stride 2: there are four windows, 1 in the corner and 4 in the middle.
# </details>

# %% figure: how often each pixel was copied
# Below: how often copied
from course_lib.pictures.picture import INPUT, Picture, drawing
from course_lib.pictures.scene import Scene, table, tint
from course_lib.reference.im2col import col2im as reference_col2im
from course_lib.reference.im2col import im2col as reference_im2col


@drawing
def copies(size, window):
    scene = Scene(2 * size + 3.4, size + 1.8)
    words, tables = [], []
    for k, stride in enumerate((1, 2)):
        ones = np.ones((1, 1, size, size))
        cols = reference_im2col(ones, window, window, stride, 0)
        counts = reference_col2im(cols, ones.shape, window, window, stride, 0)[0, 0]
        left = 0.6 + k * (size + 2.2)
        scene.text(left + size / 2, 0.5, f"stride {stride}")
        scene.grid(counts, left, 1.1, lambda i, j, c=counts: tint(INPUT, 0.09 * c[i, j]))
        most = counts.max()
        words.append(f"stride {stride}: {counts[0, 0]:.0f} in the corner, {most:.0f} at most")
        tables.append(f"stride {stride}\n{table(counts)}")
    return Picture(scene.figure, f"col2im of columns that are all 1, for {size}x{size} pixels and "
                   f"{window}x{window} windows. {'; '.join(words)}.", "\n\n".join(tables))


copies(5, 3)

# %% [markdown]
# Such a way back, which adds up what was copied, is called the **adjoint**. `col2im` is the adjoint
# of `im2col`, not its inverse: `col2im(im2col(x))` is not `x`. It is `x` times the numbers in the
# picture.
#
# **A puzzle.** Here are the lines of `col2im`, out of order and without their indentation. Look
# closely: **two of them are wrong and do not belong there.** Which? Note the order on paper first.
#
# - `part += windows[:, di, dj].transpose(1, 0, 2, 3)`
# - `for dj in range(WW):`
# - `return dx_padded[:, :, pad:-pad, pad:-pad]`
# - `windows = cols.reshape(C, HH, WW, N, H2, W2)`
# - `dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))`
# - `part = dx_padded[:, :, di : di + stride * H2 : stride, dj : dj + stride * W2 : stride]`
# - `windows = cols.reshape(N, C, HH, WW, H2, W2)`
# - `N, C, H, W = x_shape`
# - `for di in range(HH):`
# - `return dx_padded[:, :, pad : pad + H, pad : pad + W]`
# - `H2 = (H - HH + 2 * pad) // stride + 1`
# - `W2 = (W - WW + 2 * pad) // stride + 1`
#
# <details><summary>Which two are wrong?</summary>
# <p>
# <code>pad:-pad</code>, as always: it is empty for pad 0. And the <code>reshape</code> that begins
# with N: the rows of the columns are C, HH, WW, and N begins their second axis.</p>
# </details>
#
# One thing to know: a slice of an array is a **view** of it. `part += ...` changes `dx_padded`
# itself. `part = part + ...` would not.

# %% answer: col2im
def col2im(cols, x_shape, HH, WW, stride, pad):
    """The adjoint of im2col: put every number back to its pixel, and add up those that meet.

    cols     array of shape (C*HH*WW, N*H2*W2), in the order of im2col
    x_shape  (N, C, H, W), the shape of the images without padding

    Returns an array of shape (N, C, H, W).
    """
    ### BEGIN SOLUTION
    N, C, H, W = x_shape
    H2 = (H - HH + 2 * pad) // stride + 1
    W2 = (W - WW + 2 * pad) // stride + 1
    windows = cols.reshape(C, HH, WW, N, H2, W2)
    dx_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for di in range(HH):
        for dj in range(WW):
            part = dx_padded[:, :, di : di + stride * H2 : stride, dj : dj + stride * W2 : stride]
            part += windows[:, di, dj].transpose(1, 0, 2, 3)
    return dx_padded[:, :, pad : pad + H, pad : pad + W]
    ### END SOLUTION

# %% check: col2im
check("col2im", col2im)

# %% test: col2im windows apart, 1 point
score = test("col2im", col2im, group="windows apart", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60701)
### END HIDDEN TESTS
score

# %% test: col2im overlapping windows, 2 points
score = test("col2im", col2im, group="overlapping windows", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60702)
### END HIDDEN TESTS
score

# %% test: col2im many images, 1 point
score = test("col2im", col2im, group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60703)
### END HIDDEN TESTS
score

# %% test: col2im padding, 1 point
score = test("col2im", col2im, group="padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60704)
### END HIDDEN TESTS
score

# %% test: col2im all together, 1 point
score = test("col2im", col2im, group="all together", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60705)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 9 · The layer backwards
# *Medium, 9 minutes.*
#
# Forwards it was product = filters @ cols. Backwards there are two products. You need no calculus
# to write them: the shapes leave only one way.

# %% figure: three products
# Below: three products
from course_lib.pictures.picture import FILTER, OUTPUT, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def three_products():
    scene = Scene(19, 9.6)
    K, P = "C·HH·WW", "N·H2·W2"
    rows = (
        ("forward", ("filters", "F", K, FILTER, 3.2, 1.4), ("cols", K, P, WINDOW, 3.6, 2.2),
         ("product", "F", P, OUTPUT, 3.6, 1.4)),
        ("dw", ("dout", "F", P, OUTPUT, 3.6, 1.4), ("colsᵀ", P, K, WINDOW, 3.6, 2.2),
         ("dw", "F", K, FILTER, 3.2, 1.4)),
        ("dx", ("filtersᵀ", K, "F", FILTER, 2.6, 2.2), ("dout", "F", P, OUTPUT, 3.6, 1.4),
         ("dcols", K, P, WINDOW, 3.6, 2.2)),
    )
    for k, (name, *matrices) in enumerate(rows):
        middle, at = 1.7 + 3.1 * k, 2.6
        scene.text(0.4, middle, name, 10.5, ha="left", weight="bold")
        for sign, (label, high, across, colour, wide, tall) in zip("@= ", matrices, strict=True):
            scene.box(at, middle - tall / 2, wide, tall, tint(colour, 0.3), colour)
            scene.text(at + wide / 2, middle - 0.28, label, 10, weight="bold")
            scene.text(at + wide / 2, middle + 0.32, f"{high} × {across}", 8.5)
            at += wide + 1.4
            scene.text(at - 0.7, middle, sign.strip(), 14)
    return Picture(scene.figure, "Three matrix products with their shapes. Forward: filters (F x "
                   "C·HH·WW) times cols (C·HH·WW x N·H2·W2) is (F x N·H2·W2). Backward: dout (F x "
                   "N·H2·W2) times cols transposed is dw (F x C·HH·WW); filters transposed times "
                   "dout is dcols (C·HH·WW x N·H2·W2).")


three_products()

# %% [markdown]
# Why is it right? Weight k of filter f has met row k of the columns, one pixel in each window. Its
# gradient is the sum over all windows of that pixel times the upstream gradient of the window's
# answer. This is row f of `dout` times row k of `cols`: the product for `dw`. The product for `dx`
# is the same with weights and pixels exchanged.
#
# **Predict first.** `dout` comes as (N, F, H2, W2), and you need it as a matrix (F, N\*H2\*W2).
# Which of your functions did the opposite? So what are the two steps here?
#
# <details><summary>Answer</summary>
# <p>
# <code>output_from_product</code>: first reshape, then transpose. Backwards it is first transpose,
# so that F comes to the front, and then reshape.</p>
# </details>
#
# A plan: unpack the cache and turn `dout` into a matrix. `db` is the sum of each of its rows, one
# number for each filter. Then come the two products. Give `dw` the shape of `w` again, and bring
# `dcols` back to images with `col2im`.

# %% answer: conv_backward_fast
def conv_backward_fast(dout, cache):
    """A convolutional layer, backward, by matrix products.

    dout   upstream gradient: an array of shape (N, F, H2, W2)
    cache  what conv_forward_fast has returned beside the output

    Returns (dx, dw, db), with the shapes of x, w and b. No Python loop over positions.
    """
    ### BEGIN SOLUTION
    cols, x_shape, w, conv_param = cache
    N, F, H2, W2 = dout.shape
    F, C, HH, WW = w.shape
    dproduct = dout.transpose(1, 0, 2, 3).reshape(F, N * H2 * W2)
    db = np.sum(dproduct, axis=1)
    dw = (dproduct @ cols.T).reshape(F, C, HH, WW)
    dcols = w.reshape(F, C * HH * WW).T @ dproduct
    dx = col2im(dcols, x_shape, HH, WW, conv_param["stride"], conv_param["pad"])
    return dx, dw, db
    ### END SOLUTION

# %% check: conv_backward_fast
check("conv_backward_fast", conv_backward_fast, conv_forward_fast)

# %% test: conv_backward_fast db, 1 point
score = test("conv_backward_fast", conv_backward_fast, conv_forward_fast, group="db", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60801)
### END HIDDEN TESTS
score

# %% test: conv_backward_fast dw, 1 point
score = test("conv_backward_fast", conv_backward_fast, conv_forward_fast, group="dw", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60802)
### END HIDDEN TESTS
score

# %% test: conv_backward_fast dx, 1 point
score = test("conv_backward_fast", conv_backward_fast, conv_forward_fast, group="dx", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60803)
### END HIDDEN TESTS
score

# %% test: conv_backward_fast many images, 1 point
score = test("conv_backward_fast", conv_backward_fast, conv_forward_fast,
             group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60804)
### END HIDDEN TESTS
score

# %% test: conv_backward_fast pad 0, 1 point
score = test("conv_backward_fast", conv_backward_fast, conv_forward_fast, group="pad 0", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60805)
### END HIDDEN TESTS
score

# %% test: conv_backward_fast strides and shapes, 1 point
score = test("conv_backward_fast", conv_backward_fast, conv_forward_fast,
             group="strides and shapes", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60806)
### END HIDDEN TESTS
score

# %% test: conv_backward_fast many positions, 1 point
score = test("conv_backward_fast", conv_backward_fast, conv_forward_fast,
             group="many positions", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60807)
### END HIDDEN TESTS
score

# %% test: conv_backward_fast everything at once, 1 point
score = test("conv_backward_fast", conv_backward_fast, conv_forward_fast,
             group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=60808)
### END HIDDEN TESTS
score

# %% [markdown]
# **A slow friend is a good umpire.** Your loops are easy to believe and slow, your matrix products
# are fast and hard to believe. Let the one vouch for the other. Here is a small layer with a batch
# of 16 images, forwards and backwards.

# %% try: loops against products
rng = np.random.default_rng(1)
x, w = rng.standard_normal((16, 1, 16, 16)), rng.standard_normal((8, 1, 3, 3))
b, conv_param = rng.standard_normal(8), {"stride": 1, "pad": 1}
dout = rng.standard_normal((16, 8, 16, 16))
try:
    seconds, results = [], []
    for forward, backward in ((conv_forward_naive, conv_backward_naive),
                              (conv_forward_fast, conv_backward_fast)):
        start = time.perf_counter()
        out, cache = forward(x, w, b, conv_param)
        results.append((out, *backward(dout, cache)))
        seconds.append(time.perf_counter() - start)
    print(f"loops {seconds[0]:.3f} s, matrix products {seconds[1]:.4f} s:",
          f"{seconds[0] / seconds[1]:.0f} times faster")
    for name, slow, fast in zip(("out", "dx", "dw", "db"), *results, strict=True):
        print(f"{name:3} largest difference {np.abs(slow - fast).max():.0e}")
except Exception as error:
    not_yet(error, "Here your loops check your matrix products. Come back when the checks of both "
                   "halves say “passed”, and run this cell again.")

# %% [markdown]
# A training takes thousands of such steps, and a network has several such layers. With loops you
# would wait for an hour, with products for some seconds. Nothing about the mathematics has changed.

# %% [markdown]
# ## 10 · In your own words
# *7 minutes, 3 points, read by a person.*
#
# Answer in a few sentences:
#
# 1. Both ways do the same multiplications, and `im2col` even copies numbers around on top. Why is
#    the matrix product so much faster than your loops?
# 2. Why does `col2im` add, where `im2col` only copies? And what would a `=` in place of `+=` do to
#    the gradient of a pixel: with windows that overlap, and with windows that do not?
# 3. A colleague wants to run VGG-16's second layer (the table in section 7) on 32 images at once,
#    on a computer with 4 GB of memory, and gets a memory error. What do you advise, and what does
#    it cost in speed?
#
# Studying alone? Save the notebook when you have written yours. Then `solution("copies and
# speed")`, in a cell of your own, shows a model answer and the marks to grade yourself by.

# %% essay: copies and speed, 3 points [markdown]
# 1. In the loops Python has a lot to do for every single number of the output: find the names, cut
# out the window, make an array for the products, call the sum. For a dot product of 27 or 363
# numbers this takes longer than the multiplications. The matrix product is one call for all of
# them, and in it compiled code runs through memory in order, several numbers at a time. Copying is
# cheap for the same reason: it is a few calls for many numbers.
#
# 2. Every copy of a pixel changes the loss on a path of its own, through its own window, and the
# gradient is the sum over all paths. With `=` a pixel keeps the share of a single window and loses
# the others. Where windows do not overlap there is one copy of each pixel at most, and `=` gives
# the same as `+=`. So such a test would not find the mistake.
#
# 3. The columns of 32 images take 3.7 GB, beside all the rest. Take the images one at a time, or a
# few: 116 MB of columns each, multiply, and use the memory again. It is as many multiplications,
# and 31 calls more, which is nothing beside 29 million numbers a call. It may even be faster,
# since smaller matrices stay closer to the processor.
#
# === BEGIN MARK SCHEME ===
# One point for each part.
#
# - **Part 1, 1 point:** the time in the loops goes into Python's work for each position (calls,
#   slices, lookups), and the product is one call of compiled code. "NumPy is faster than Python" or
#   "it is vectorised", without saying where the time goes: 0.5. "It does fewer multiplications": 0.
# - **Part 2, 1 point:** several copies of a pixel, and their gradients add up; `=` keeps one of
#   them; without overlap there is no difference. Two of these three: 0.5.
# - **Part 3, 1 point:** a part of the images (or of the windows) at a time, and hardly any or no
#   loss of speed, because each product is still large. Right advice without a word on speed, or
#   with "much slower": 0.5. "Buy more memory", "go back to the loops": 0. Smaller numbers (float16
#   for float32) with the right arithmetic: 0.5.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## Common mistakes
#
# - **`reshape` where `transpose` is wanted.** The shape is right, and the numbers are somewhere
#   else. It hides as long as one of the two axes has length 1, such as N for a single image.
# - **Filters and windows unrolled in different orders.** Both have to be C, HH, WW.
# - **`w.reshape(C*HH*WW, F)`** for the transpose of the filters: the right shape, mixed weights.
# - **`product + b`**: it adds along the columns. A bias belongs to a row.
# - **`=` for `+=` in `col2im`**, and `dx[index] += ...` with an index array: it keeps only one of
#   several numbers that go to the same place.
# - **`[pad:-pad]`**, again.
# - **Images last.** Some well-known code orders the columns by position first and image second.
#   Either order works, as long as `dout` has the same. Our `im2col` has image first.
#
# ## In two lines
#
# Lay every window out as a column and every filter as a row, and a convolution is one matrix
# product. Backwards it is two more, and `col2im` adds up what was copied.
#
# ## Further reading
#
# - CS231n, *Convolutional Neural Networks*, "Implementation as Matrix Multiplication": the two
#   matrices in the notes' own words.
# - K. Chellapilla, S. Puri, P. Simard, *High Performance Convolutional Neural Networks for Document
#   Processing* (2006): an early description of the trick.
# - A. Lavin, S. Gray, *Fast Algorithms for Convolutional Neural Networks* (2016): how 3 x 3 filters
#   get by with fewer multiplications (Winograd's way).
#
# Next: lesson 7 puts the layers together to a network, and trains it.
#
# What you have done so far; only your own folder knows it:

# %% figure: my progress
from course_lib import progress

progress()
