# %% [markdown]
# # 1 · How big is the output?
#
# A convolutional network is a stack of layers, and most layers change the size of what they get.
# Before you build a layer, learn to predict that size. Shapes that do not match are an error that
# everybody in this field meets, and it is best met on paper.
#
# **After this lesson you can**
#
# - work out the output size of a convolutional or a pooling layer,
# - say whether a filter fits, and what your choices are if it does not,
# - follow an image through a whole network, shape by shape,
# - say how much of the image a number deep inside a network can see.
#
# **Time:** about 85 minutes. **You need:** Python, and nothing about neural networks.
#
# Run the cells from top to bottom with Shift + Enter. Cells that say `# YOUR CODE HERE` are yours:
# delete the line `raise NotImplementedError()` and write your answer. A `check` cell tells you at
# once how you are doing. Run it as often as you like, it costs nothing. The `test` cells below it
# show your points, part by part. When your work is graded, they try other numbers. Stuck? `hint()`,
# in a cell of your own, gives a step towards the function that you have checked last, never the
# answer.

# %% setup
# “No module named”? Then this kernel is not the course's. Choose another: menu
# Kernel, Change Kernel; or open the lessons as the student guide describes.
# “cannot import name”? Then the course is older than this notebook: update it,
# then restart the kernel.
from course_lib import check, hint, not_yet, pictures, reset, solution, test, widgets

# %% [markdown]
# ## Before you start: a prediction
#
# A row of 7 pixels. A **filter** is a little window that covers 3 pixels at a time. It starts at
# the left end, does its work, and moves on. What its work is comes in lesson 2. Here we count the
# places it visits, because each place gives one number of the output.
#
# The number of pixels it moves each time is called the **stride**. At the end, the filter must not
# stick out over the last pixel.
#
# **How many places does the filter visit with stride 1? With stride 2? With stride 3?** Draw it on
# paper and write your guesses down before you look at the pictures.
#
# In the pictures each yellow bar is the filter at one of its places. What it covers there is called
# a **window**. Pixels and places are numbered from 0, as in Python, so the last of 5 places has
# number 4. (The line of arithmetic above each picture is explained in section 1.)

# %% try: my prediction
places_with_stride_1 = None
places_with_stride_2 = None
places_with_stride_3 = None

# %% figure: stride 1
pictures.output_size(7, 3, S=1)

# %% figure: stride 2
pictures.output_size(7, 3, S=2)

# %% figure: stride 3
pictures.output_size(7, 3, S=3)

# %% [markdown]
# Five places, three places, and then a surprise. With stride 3 a window starts at pixel 0 and one
# at pixel 3. The next would start at pixel 6 and stick out by two pixels. If you stop at two
# places, the last pixel is never seen.
#
# So for stride 3 there is no answer. There is a **decision** to make. We come to it in a moment.

# %% [markdown]
# ## 1 · The formula, and when to refuse
# *Medium, 15 minutes.*
#
# Four letters, the same as in the CS231n notes:
#
# | letter | meaning |
# |---|---|
# | W | size of the input: the number of pixels in a row |
# | F | size of the filter |
# | S | stride: pixels from one place to the next |
# | P | **zero padding**: pixels of value 0 that are added at *each* end of the input |
#
# Count it like this. With padding the row has W + 2P pixels. The filter takes up F of them. So it
# can move by W - F + 2P pixels in all. It moves S at a time, which makes (W - F + 2P)/S steps. And
# the place where it starts counts as well:
#
# $$\text{places} = \frac{W - F + 2P}{S} + 1$$
#
# Here is padding 1 at work, on 5 pixels with a filter of 3.

# %% figure: padding 1
pictures.output_size(5, 3, S=1, P=1)

# %% [markdown]
# **What if the division leaves a remainder?** 10 pixels, a filter of 3, stride 2, no padding: the
# formula says 4.5. A filter cannot visit half a place. Somebody has to decide:
#
# - **Round down.** The last pixels are never seen. Most libraries do this and do not tell you.
# - **Round up.** Add zeros at one end until the last window fits.
# - **Change the padding** or the stride, until everything fits.
# - **Change the input**: crop it or resize it.
#
# Each may be right in its place. None is right always. So your function will not guess: it
# **refuses**, with a `ValueError`, and leaves the decision to a person. In Python:
#
# ```python
# raise ValueError("half a step is left over")
# ```
#
# **Predict first.** W = 5, F = 3, P = 1. How many places for S = 1, S = 2 and S = 3?
#
# <details><summary>Answer</summary>
# <p>5, then 3, and for S = 3 it does not fit: 4 pixels to move, 3 at a time.</p>
# </details>
#
# A hint: `/` gives a float, `//` rounds down to an int, and `%` gives the remainder.
#
# Some sizes make no sense at all, whatever the division says. The docstring lists them, and your
# function refuses them too.

# %% answer: conv_output_size
def conv_output_size(W, F, S, P):
    """The number of places that a filter visits on a row of pixels.

    W  size of the input, at least 1
    F  size of the filter, at least 1
    S  stride, at least 1
    P  zeros added at each end, at least 0

    Returns an int.
    Raises ValueError
    - if W, F, S or P is smaller than it may be,
    - if the filter is larger than the input with its padding,
    - if the filter does not fit: the division leaves a remainder.
    """
    ### BEGIN SOLUTION
    if W < 1 or F < 1 or S < 1 or P < 0:
        raise ValueError(f"W={W}, F={F}, S={S}, P={P}: sizes and stride start at 1, padding at 0")
    room = W - F + 2 * P
    if room < 0:
        raise ValueError(f"a filter of {F} is larger than the padded input, {W + 2 * P}")
    if room % S != 0:
        raise ValueError(f"{room} pixels cannot be walked in steps of {S}")
    return room // S + 1
    ### END SOLUTION

# %% check: conv_output_size
check("conv_output_size", conv_output_size)

# %% test: conv_output_size stride 1, 1 point
score = test("conv_output_size", conv_output_size, group="stride 1", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10101)
### END HIDDEN TESTS
score

# %% test: conv_output_size padding, 1 point
score = test("conv_output_size", conv_output_size, group="padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10102)
### END HIDDEN TESTS
score

# %% test: conv_output_size stride, 1 point
score = test("conv_output_size", conv_output_size, group="stride", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10103)
### END HIDDEN TESTS
score

# %% test: conv_output_size stride and padding, 1 point
score = test("conv_output_size", conv_output_size, group="stride and padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10104)
### END HIDDEN TESTS
score

# %% test: conv_output_size does not fit, 1 point
score = test("conv_output_size", conv_output_size, group="does not fit", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10105)
### END HIDDEN TESTS
score

# %% test: conv_output_size makes no sense, 1 point
score = test("conv_output_size", conv_output_size, group="makes no sense", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10106)
### END HIDDEN TESTS
score

# %% test: conv_output_size everything at once, 1 point
score = test("conv_output_size", conv_output_size, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10107)
### END HIDDEN TESTS
score

# %% [markdown]
# ### A machine to play with
#
# Change the four numbers in the boxes: the letters are those of the formula. Find a size that does
# not fit, and then repair it in two ways: by the padding alone, and by the stride alone. Can the
# padding repair it when the stride is 2? You will meet this question again.

# %% figure: the machine
widgets.ConvolutionStepper(W=7, F=3, S=3, P=0)

# %% [markdown]
# ## 2 · 227, not 224
# *A detective story, 5 minutes.*
#
# In 2012 a network called AlexNet won a famous contest and started a landslide. Its paper says: the
# images are 224 pixels wide, and the first layer has filters of size 11 with stride 4. A figure
# shows that the layer's output is 55 wide. Nothing is said of padding.
#
# **Predict first:** can this be true? Try other widths in the next cell as well.

# %% try: the width of AlexNet
width = 224
print("with a width of", width, "the formula gives", (width - 11) / 4 + 1)

# %% figure: 224
pictures.output_size(224, 11, S=4)

# %% [markdown]
# 54.25 is not 55, and it is not even an integer. With **227** it is 55 exactly. That is the number
# which everybody uses for this example, the CS231n notes too. Where the other three pixels went,
# the paper does not say.
#
# Thousands of people have read a paper with an impossible number in it. A function that refuses
# finds it in a millisecond.
#
# What do libraries do? The AlexNet of torchvision keeps 224 and uses a padding of 2. Then the
# formula gives 55.25, and the library rounds it down to 55 without a word. In this case no harm is
# done: the last pixel is never seen, and it is a pixel of padding. But you have to work that out to
# know it.

# %% figure: 224 with padding 2
pictures.output_size(224, 11, S=4, P=2)

# %% [markdown]
# ## 3 · Padding that keeps the size
# *Easy, 5 minutes.*
#
# With stride 1 and without padding, each layer takes F - 1 pixels off. After ten layers with
# filters of 3 an image of 32 pixels has 12 left. That is too fast, and what is at the rim is lost
# first. Zero padding gives back what the filter takes: with the right P the output is as large as
# the input.
#
# Here is a filter of 5 with padding 2. It is the filter's **centre** that visits every pixel now.

# %% figure: same padding
pictures.output_size(8, 5, S=1, P=2)

# %% [markdown]
# **Predict first.** Which P keeps the size for F = 3, F = 7 and F = 1? And for F = 4?
#
# <details><summary>Answer</summary>
# 1, 3 and 0. For F = 4 three pixels are missing, and three cannot be shared out equally between two
# ends: no P keeps the size. This is one reason why nearly all filters have an odd size. (The other
# one: an even filter has no centre.)
# </details>

# %% answer: same_padding
def same_padding(F):
    """The padding with which the output is as large as the input, for stride 1.

    F  size of the filter, at least 1

    Returns an int: the number of zeros at each end.
    Raises ValueError for an even F, since there is no such padding.
    """
    ### BEGIN SOLUTION
    if F % 2 == 0:
        raise ValueError(f"no padding keeps the size for an even filter such as {F}")
    return (F - 1) // 2
    ### END SOLUTION

# %% check: same_padding
check("same_padding", same_padding)

# %% test: same_padding odd filters, 1 point
score = test("same_padding", same_padding, group="odd filters", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10201)
### END HIDDEN TESTS
score

# %% test: same_padding even filters, 1 point
score = test("same_padding", same_padding, group="even filters", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10202)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 4 · "P = whatever fits"
# *Easy, 7 minutes.*
#
# The notes list common settings. F = 3, S = 1, P = 1 is one of them. Another one is "F = 5, S = 2,
# P = whatever fits". So let us ask a computer what fits.
#
# **Predict first.** F = 5 and S = 2. Which paddings fit for W = 32? Which for W = 33?
#
# <details><summary>Answer</summary>
# <p>
# For 32 none, for 33 all of them. The filter can move by W - F + 2P pixels. 2P is always even, so
# with stride 2 the padding changes nothing about whether the rest is even. If it does not fit, no
# padding on both ends will ever help. "Whatever fits" may be nothing at all! With stride 3 it is
# another matter.</p>
# </details>
#
# Here is W = 32 with padding 1. Whatever padding you try, one pixel is left over.

# %% figure: filter 5 at stride 2
pictures.output_size(32, 5, S=2, P=1)

# %% [markdown]
# Your function can try one padding after the other and ask your `conv_output_size`, if its check
# has passed: a mistake in it would come back here. To find out whether it refuses, use `try` and
# `except`. Like this, with another function that refuses:
#
# ```python
# try:
#     int("seven")
#     print("this was a number")
# except ValueError:
#     print("refused")
# ```
#
# Or work with the remainder directly. Then do not forget the case in which the filter is larger
# than the padded input.

# %% answer: fitting_paddings
def fitting_paddings(W, F, S, max_padding):
    """Every padding that fits.

    W, F, S      sizes of input and filter, and the stride, as above
    max_padding  the largest padding to try

    Returns a sorted list of ints: every P from 0 to max_padding, both included, for which the
    filter fits. The list may be empty.
    """
    ### BEGIN SOLUTION
    found = []
    for P in range(max_padding + 1):
        try:
            conv_output_size(W, F, S, P)
        except ValueError:
            continue
        found.append(P)
    return found
    ### END SOLUTION

# %% check: fitting_paddings
check("fitting_paddings", fitting_paddings)

# %% test: fitting_paddings stride 1, 1 point
score = test("fitting_paddings", fitting_paddings, group="stride 1", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10301)
### END HIDDEN TESTS
score

# %% test: fitting_paddings larger strides, 1 point
score = test("fitting_paddings", fitting_paddings, group="larger strides", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10302)
### END HIDDEN TESTS
score

# %% test: fitting_paddings large filters, 1 point
score = test("fitting_paddings", fitting_paddings, group="large filters", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10303)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 5 · From a row to a volume
# *Easy, 7 minutes.*
#
# Images have a width and a height. They also have a **depth**: 3 for red, green and blue. Such a
# block of numbers is called a **volume**, and the notes give its shape as (width, height, depth).
# We follow them in this lesson. (NumPy code likes another order. Lesson 2 builds the bridge.)
#
# A filter moves along the width and along the height. It does not move along the depth: it is as
# deep as its input and takes in all of it at once. So **one filter makes one slice of output**, of
# depth 1. A convolutional layer has K filters, and its output is K deep.
#
# Our filters are square, F in both directions, with the same S and P. Images need not be square.
#
# Here are six filters of size 3 at work on a volume. The numbers above a box are width x height and
# then depth. In the drawing the depth goes into the page. The boxes are not to scale.

# %% figure: volumes
from course_lib.architectures import Architecture
from course_lib.architectures.layers import Conv

pictures.architecture(Architecture("one layer", (14, 20, 3), (Conv(K=6, F=3),), "an example"),
                      parameters=False)

# %% [markdown]
# **Predict first.** The input is (32, 32, 3). There are ten filters of size 5, with stride 1 and
# padding 2. What shape is the output? And what is it for the first layer of AlexNet: input
# (227, 227, 3), K = 96, F = 11, S = 4, P = 0?
#
# <details><summary>Answer</summary>
# <p>(32, 32, 10), the padding keeps the size. And (55, 55, 96), which is 290,400 numbers.</p>
# </details>
#
# If the filter does not fit in one of the two directions, the whole shape is refused. Who can do
# the refusing for you?

# %% answer: conv_output_shape
def conv_output_shape(input_shape, K, F, S, P):
    """The shape of a convolutional layer's output.

    input_shape  (W, H, D): width, height and depth of the input
    K            number of filters
    F, S, P      size of a filter, stride and padding, the same in both directions

    Returns a tuple of three ints, (W2, H2, K).
    Raises ValueError if the filter does not fit in one of the two directions.
    """
    ### BEGIN SOLUTION
    W, H, D = input_shape
    return conv_output_size(W, F, S, P), conv_output_size(H, F, S, P), K
    ### END SOLUTION

# %% check: conv_output_shape
check("conv_output_shape", conv_output_shape)

# %% test: conv_output_shape square, 1 point
score = test("conv_output_shape", conv_output_shape, group="square", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10401)
### END HIDDEN TESTS
score

# %% test: conv_output_shape non-square, 1 point
score = test("conv_output_shape", conv_output_shape, group="non-square", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10402)
### END HIDDEN TESTS
score

# %% test: conv_output_shape does not fit, 1 point
score = test("conv_output_shape", conv_output_shape, group="does not fit", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10403)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 6 · Find the bug
# *Easy, 6 minutes.*
#
# Between convolutional layers there are often **pooling** layers. A pooling layer slides a window
# too, and keeps one number of each window: the largest, say. It treats every slice of the depth by
# itself, so **the depth stays as it is**. There is no padding. The picture shows the first pooling
# layer of AlexNet.

# %% figure: pooling a volume
from course_lib.architectures import Architecture
from course_lib.architectures.layers import Pool

pictures.architecture(Architecture("pooling", (55, 55, 96), (Pool(F=3, S=2),), "AlexNet"),
                      parameters=False)

# %% [markdown]
# A friend has written the function for its output shape and has tried it on AlexNet. "All right,"
# says the friend.
#
# **Predict first.** Read the code. Is there an input for which the answer is wrong? Change the
# shape in the last line of the cell until you have found one.

# %% try: the friend's function
def friends_pool_output_shape(input_shape, F, S):
    """(W, H, D) -> (W2, H2, D)"""
    W, H, D = input_shape
    size = (W - F) // S + 1
    return size, size, D


print(friends_pool_output_shape((55, 55, 96), F=3, S=2), "should be (27, 27, 96)")
print(friends_pool_output_shape((27, 27, 256), F=3, S=2), "should be (13, 13, 256)")

# %% [markdown]
# Now copy the body of the friend's function into the next cell and repair it. All sizes fit here.

# %% answer: pool_output_shape
def pool_output_shape(input_shape, F, S):
    """The shape of a pooling layer's output. There is no padding, and all sizes fit.

    input_shape  (W, H, D): width, height and depth of the input
    F, S         size of the window and stride, the same in both directions

    Returns a tuple of three ints, (W2, H2, D).
    """
    ### BEGIN SOLUTION
    W, H, D = input_shape
    return (W - F) // S + 1, (H - F) // S + 1, D
    ### END SOLUTION

# %% check: pool_output_shape
check("pool_output_shape", pool_output_shape)

# %% test: pool_output_shape non-square, 2 points
score = test("pool_output_shape", pool_output_shape, group="non-square", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10501)
### END HIDDEN TESTS
score

# %% [markdown]
# This mistake is a common one. In several hundred published solutions to a well-known course,
# "height equals width" is the assumption that broke the most forward functions. Square test images
# let it through. If you want to find out whether code is right, **feed it numbers that are all
# different**.

# %% [markdown]
# ## 7 · Through a whole network
# *Medium, 10 minutes.*
#
# The output of a layer is the input of the next. So you can follow an image through a network. We
# write a network as a list. A convolutional layer is `("conv", K, F, S, P)`, a pooling layer is
# `("pool", F, S)`. Here is AlexNet up to its last pooling layer:

# %% setup: AlexNet
ALEXNET = [
    ("conv", 96, 11, 4, 0),
    ("pool", 3, 2),
    ("conv", 256, 5, 1, 2),
    ("pool", 3, 2),
    ("conv", 384, 3, 1, 1),
    ("conv", 384, 3, 1, 1),
    ("conv", 256, 3, 1, 1),
    ("pool", 3, 2),
]

# %% [markdown]
# **Predict first.** Follow the width by hand, starting from 227. You have done the first two layers
# above already. At which layers does it not change, and how can you see that without calculating?
#
# <details><summary>Answer</summary>
# <p>
# 227, then 55, 27, 27, 13, 13, 13, 13, 6. It stays the same where the stride is 1 and the padding
# is (F - 1)/2.</p>
# </details>
#
# For your function: the first entry of a layer is its kind. `kind, *numbers = layer` takes a tuple
# apart. You have a function for each kind already. Use them if their checks have passed: a mistake
# in them would come back here.

# %% answer: trace_shapes
def trace_shapes(input_shape, layers):
    """Follow an image through a network.

    input_shape  (W, H, D)
    layers       a list; each layer is ("conv", K, F, S, P) or ("pool", F, S)

    Returns a list with one shape for each layer: the (W, H, D) after it, a tuple of ints.
    """
    ### BEGIN SOLUTION
    shapes = []
    shape = input_shape
    for layer in layers:
        kind, *numbers = layer
        if kind == "conv":
            shape = conv_output_shape(shape, *numbers)
        else:
            shape = pool_output_shape(shape, *numbers)
        shapes.append(shape)
    return shapes
    ### END SOLUTION

# %% check: trace_shapes
check("trace_shapes", trace_shapes)

# %% test: trace_shapes convolutions, 1 point
score = test("trace_shapes", trace_shapes, group="convolutions", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10601)
### END HIDDEN TESTS
score

# %% test: trace_shapes pooling, 1 point
score = test("trace_shapes", trace_shapes, group="pooling", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10602)
### END HIDDEN TESTS
score

# %% test: trace_shapes whole networks, 1 point
score = test("trace_shapes", trace_shapes, group="whole networks", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10603)
### END HIDDEN TESTS
score

# %% test: trace_shapes non-square, 1 point
score = test("trace_shapes", trace_shapes, group="non-square", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10604)
### END HIDDEN TESTS
score

# %% [markdown]
# The next cell runs your function on AlexNet. On its way the volume loses width and height and
# gains depth.
#
# The picture below draws the same network as boxes. Equal layers in a row share a box. The two pink
# boxes at the end (*affine*) are a kind of layer that comes in lesson 7. What *groups* and
# *parameters* are comes in lesson 8.

# %% try: AlexNet layer by layer
try:
    for layer, shape in zip(ALEXNET, trace_shapes((227, 227, 3), ALEXNET)):
        print(layer, "->", shape)
except Exception as error:
    not_yet(error, "This cell needs your trace_shapes. Come back when its check says “passed”.")

# %% figure: AlexNet in boxes
from course_lib import architectures

pictures.architecture(architectures.ALEXNET_UNGROUPED, parameters=False)

# %% [markdown]
# Now go back to the cell that prints the shapes. Write (224, 224, 3) there and run it. Which of
# your functions says no, and what does its message say? This is what a good refusal is for.

# %% [markdown]
# ## 8 · How far can a number see?
# *Easy, one line, 5 minutes.*
#
# A number in the first layer's output is made from one window of the image, F pixels wide. A number
# in the second layer's output is made from a window of the *first output*, and each of those
# numbers has a window of its own. Together they cover a wider part of the image. That part is
# called the **receptive field** of the number.
#
# For two layers: the first has filters of size F1 and stride S1, the second has filters of size F2.
# In the picture F1 = 3, S1 = 2 and F2 = 3. It says *unit* for a number in the output of a layer.

# %% figure: two layers
pictures.receptive_field([(3, 2), (3, 1)])

# %% [markdown]
# **Predict first.** Three layers of size 3 with stride 1, one on top of the other. How wide is the
# part of the image that a number in the third output sees?
#
# <details><summary>Answer</summary>
# <p>7: it is 3, then 5, then 7. Each layer adds two pixels. A single filter of size 7 sees as much.
# Why networks prefer three small ones is a question for lesson 8.</p>
# </details>
#
# Now two layers, and the first may have any stride. Fill in the one line that is missing. For the
# picture above the function has to give 7.

# %% answer: receptive_field_of_two
def receptive_field_of_two(F1, S1, F2):
    """Pixels of the image that a number in the second layer's output sees, in one direction.

    F1, S1  filter size and stride of the first layer
    F2      filter size of the second layer

    Returns an int.
    """
    first_window = F1
    steps = F2 - 1  # from the first of the F2 windows to the last one
    # How many pixels does the last window lie further on, and so how wide is it all together?
    ### BEGIN SOLUTION
    return first_window + steps * S1
    ### END SOLUTION

# %% check: receptive_field_of_two
check("receptive_field_of_two", receptive_field_of_two)

# %% test: receptive_field_of_two values, 1 point
score = test("receptive_field_of_two", receptive_field_of_two, group="values", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10701)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 9 · Receptive fields, all the way up
# *Hard, 12 minutes.*
#
# Now for any number of layers. Keep two things in mind while you go up:
#
# - the **receptive field** r: how many pixels of the image a number sees. Before the first layer
#   a number is a pixel and sees itself: r = 1.
# - the **jump** j: how many pixels of the image it is from one number to its neighbour. Before the
#   first layer the numbers are the pixels themselves: j = 1.
#
# A layer with filter size F takes in F neighbours. From the first of them to the last it is F - 1
# steps, and each step is j pixels long. And the layer's own stride makes the steps longer *for the
# layers above it*.
#
# Padding plays no part: it moves the receptive field, but does not make it larger or smaller.
#
# **Predict first.** AlexNet's first layer has F = 11, S = 4. After it r = 11 and j = 4. Then comes
# pooling with F = 3, S = 2. What are r and j after that?
#
# <details><summary>Answer</summary>
# <p>r = 11 + 2 · 4 = 19, and j = 4 · 2 = 8.</p>
# </details>
#
# The picture shows three layers. The one in the middle has stride 2. Which of the three adds most
# to the receptive field, and why?
#
# <details><summary>Answer</summary>
# The third. Its two steps are 2 pixels long each, because of the stride below it. The stride of the
# second layer does not make its own steps longer: they have 1 pixel each.
# </details>

# %% figure: three layers
pictures.receptive_field([(3, 1), (3, 2), (3, 1)])

# %% answer: receptive_field
def receptive_field(layers):
    """The receptive field after each layer, in one direction.

    layers  a list of (F, S): filter size and stride of each layer, first layer first

    Returns a list of ints, one for each layer: how many pixels of the image a number in that
    layer's output sees.
    """
    ### BEGIN SOLUTION
    sizes = []
    r = 1
    jump = 1
    for F, S in layers:
        r = r + (F - 1) * jump
        jump = jump * S
        sizes.append(r)
    return sizes
    ### END SOLUTION

# %% check: receptive_field
check("receptive_field", receptive_field)

# %% test: receptive_field stride 1, 1 point
score = test("receptive_field", receptive_field, group="stride 1", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10801)
### END HIDDEN TESTS
score

# %% test: receptive_field strides, 2 points
score = test("receptive_field", receptive_field, group="strides", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=10802)
### END HIDDEN TESTS
score

# %% [markdown]
# If all went well, the next cell prints 11, 19, 51, 67, 99, 131, 163, 195 for AlexNet. The last
# layer's output is only 6 numbers wide, and each of them sees a piece of 195 pixels. In the middle
# these are 195 of the image's 227 pixels. At the rim a part of them is padding. That is how a
# network of small filters comes to see whole cats.
#
# The machine below draws the same thing, for other networks too, and for layers of your own.
# (*Groups* do not change what a number sees.)

# %% try: AlexNet's receptive fields
try:
    print(receptive_field([layer[2:4] if layer[0] == "conv" else layer[1:] for layer in ALEXNET]))
except Exception as error:
    not_yet(error, "This cell needs your receptive_field. Come back when its check says “passed”.")

# %% figure: receptive fields
widgets.ReceptiveFieldExplorer("AlexNet")

# %% [markdown]
# ## 10 · In your own words
# *8 minutes, 3 points, read by a person.*
#
# A colleague feeds images of 224 pixels into a layer with F = 11, S = 4 and no padding. "The
# library gives me 54 without complaining," says the colleague, "so it works. Why does your function
# make such a fuss?"
#
# Answer in a few sentences. Double-click the cell below to write in it.
#
# 1. What has happened to the pixels? Be exact: how many of them are never seen, and where?
# 2. Name two other decisions the colleague could take, with numbers that fit. Say for each what is
#    good or bad about it.
# 3. Why is it better for a function to refuse than to round?
#
# Studying alone? Save the notebook when you have written yours. Then `solution("a decision and not
# a number")`, in a cell of your own, shows a model answer and the marks to grade yourself by.

# %% essay: a decision and not a number, 3 points [markdown]
# 1. The last of the 54 windows starts at pixel 53 · 4 = 212 and ends at pixel 222. The pixels are
# numbered from 0 to 223. So the last pixel of every row is never seen, and neither is the last
# pixel of every column: one column at the right and one row at the bottom.
#
# 2. One can make the image 227 pixels wide by adding 3 zeros at one end. Then the output is 55, and
# every pixel is seen, but the rim looks different at the two ends. Or one can crop the image to 223
# pixels. The output is 54, and it is the same as rounding down, but now it stands in the code and
# everybody can read it. (Padding by the same P at both ends cannot help: W - F + 2P is always odd.
# Stride 3 fits, with (224 - 11)/3 + 1 = 72, at the price of more computation.)
#
# 3. Which decision is right depends on the images and on what comes next, and the function knows
# neither. If it rounds, a mistake such as 224 for 227 stays hidden, or shows up much later as
# shapes that do not match. If it refuses, the person who knows decides, at the place where the
# number was wrong.
#
# === BEGIN MARK SCHEME ===
# One point for each part.
#
# - **Part 1, 1 point:** one pixel at the end of each row (and column) is not seen, with 54 windows
#   that end at pixel 222 or a reckoning that amounts to it. "Some pixels at the edge are lost",
#   without how many: 0.5. Saying that the image is resized, or that zeros are added: 0.
# - **Part 2, 1 point:** two decisions that fit, checked by the formula (227 by resizing or by zeros
#   at one end; a crop to 223; stride 1 or 3; F = 12 or F = 8), each with one good or bad side. Only
#   one, or without good and bad sides: 0.5. The same padding at both ends does not fit here and
#   does not count.
# - **Part 3, 1 point:** the function cannot know which decision is right, or rounding hides a
#   mistake that shows up later. "Because an error is safer", without a reason: 0.5.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## Common mistakes
#
# - **Missing brackets.** `W - F + 2 * P / S + 1` divides the padding alone. `(W - F + 2 * P) / S +
#   1` is right.
# - **The lost + 1.** Steps are not places: the place where the filter starts counts.
# - **P counted once.** Padding is added at both ends.
# - **`//` as a plaster.** It turns 4.5 into 4, and the problem into somebody else's.
# - **One size for everything.** Height has its own calculation, and depth has none: the output's
#   depth is the number of filters.
# - **A layer's own stride in its own receptive field.** It counts from the next layer on.
#
# ## In two lines
#
# Places = (W - F + 2P)/S + 1, for width and height each; the depth becomes the number of filters.
# If the division leaves a remainder, somebody has to decide: better a person than a rounding rule.
#
# ## Further reading
#
# - CS231n, *Convolutional Neural Networks*: "Spatial arrangement" and "Layer Sizing Patterns".
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016): the same
#   sums, with pictures for every case.
# - A. Krizhevsky, I. Sutskever, G. Hinton, *ImageNet Classification with Deep Convolutional Neural
#   Networks* (2012): look for the 224.
# - A. Araujo, W. Norris, J. Sim, *Computing Receptive Fields of Convolutional Neural Networks*
#   (2019): receptive fields for every kind of network, with good pictures.
#
# Next: lesson 2 says what the filter does at each of its places.
#
# What you have done so far; only your own folder knows it:

# %% figure: my progress
from course_lib import progress

progress()
