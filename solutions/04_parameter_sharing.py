# %% [markdown]
# # 4 · Parameter sharing
#
# A convolution uses the same few weights at every place of an image. In this lesson you take that
# away, see what it costs, and put it back. Then you look for the case in which it was a bad idea.
#
# **After it you can**
#
# - count the parameters of a layer, with sharing and without,
# - write the layer that does not share, forwards and backwards,
# - say what the gradient of a shared weight is, and why,
# - say when sharing helps, when it hurts, and what else has to play along.
#
# **Time:** about 90 minutes. **You need:** the convolution of lesson 2. From lesson 3 you need one
# idea, the upstream gradient. It is explained again here.
#
# Run the cells from top to bottom with Shift + Enter. Cells that say `# YOUR CODE HERE` are yours.
# A `check` cell tells you at once how you are doing; run it as often as you like. It costs nothing.
# Stuck? `hint()`, in a cell of your own, gives a step towards the function that you have checked
# last, never the answer.

# %% setup
import numpy as np

# “No module named”? Then this kernel is not the course's. Choose another: menu
# Kernel, Change Kernel; or open the lessons as the student guide describes.
# “cannot import name”? Then the course is older than this notebook: update it,
# then restart the kernel.
from course_lib import check, data, hint, not_yet, pictures, reset, solution, test, widgets

faces, kinds = data.faces(500, seed=2)  # 500 drawn faces of 24 x 24 pixels
faces_moved = data.shifted(faces, 2, np.random.default_rng(0))  # each moved by up to two pixels

# %% [markdown]
# ## Before you start: a prediction
# *4 minutes.*
#
# Here are some faces. They are drawn by a few lines of NumPy, so they are nobody's. In the first
# row each sits in the middle of its image. In the second row the same faces have been moved, by up
# to two pixels in each direction. Nothing is cut off.

# %% figure: centred and moved
pictures.faces({"in the middle": faces[:6, 0], "moved": faces_moved[:6, 0]},
               [data.FACE_CLASSES[kind] for kind in kinds[:6]])

# %% [markdown]
# Each face answers three questions. Are the eyes laughing (⌒ ⌒) or asleep (‿ ‿)? Is the mouth sad
# (⌒) or smiling (‿)? Is the hair parted on the left or on the right? That makes 2 · 2 · 2 = 8 kinds
# of faces. Look twice at the arcs: **the same ⌒ laughs as an eye and is sad as a mouth.**
#
# Two small networks learn to tell the kinds apart. They see faces **in the middle** only. They are
# alike but for one thing:
#
# - In the first network each filter looks at **every place** of the image.
# - In the second, every place has filters **of its own**.
#
# Then both are tested twice: on new faces in the middle, and on the same ones moved.
#
# **Which network is better in the middle? Which is better when the faces have moved?** Put your
# four numbers into the next cell: how many of 100 will each get right? Someone who guesses gets 12.
# You will need the numbers in section 9.

# %% try: my prediction
in_the_middle_shared, in_the_middle_not_shared = None, None  # <- of 100
moved_shared, moved_not_shared = None, None  # <- of 100

# %% [markdown]
# ## 1 · How many neurons?
# *Easy, 4 minutes.*
#
# Every number in the output of a layer is the answer of one **neuron**. A neuron looks at one
# window of the input. It has a weight for each number in that window, and a bias. Its answer is
# one dot product plus the bias (lesson 2).
#
# Here is a small layer. It looks at an image of 6 x 6 pixels through windows of 3 x 3. Its output
# has two activation maps of 4 x 4. One neuron is marked, and so is the window that it looks at.

# %% figure: the neurons of a layer
# Below: neurons of a layer
from course_lib.pictures.picture import INPUT, OUTPUT, WINDOW, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def neurons_of_a_layer():
    scene = Scene(20.5, 7.6)
    scene.text(3.5, 0.5, "image, 6 x 6")
    scene.grid(np.full((6, 6), np.nan), 0.5, 1, tint(INPUT, 0.2))
    scene.box(1.5, 3, 3, 3, edge=WINDOW, line=2.6, zorder=3)
    for k, left in enumerate((10.5, 16)):
        scene.text(left + 2, 1.5, f"activation map {k}, 4 x 4")
        scene.grid(np.full((4, 4), np.nan), left, 2, tint(OUTPUT, 0.35))
    scene.box(11.5, 4, 1, 1, tint(WINDOW, 0.9), WINDOW, 2.6, zorder=3)
    scene.arrow((4.6, 4.5), (11.4, 4.5), zorder=4)
    scene.text(8.5, 4.05, "9 weights, 1 bias", 9)
    scene.text(15.2, 7, "every cell of the two maps is a neuron", 9.5)
    return Picture(scene.figure, "An image of 6x6 pixels and two activation maps of 4x4 numbers. "
                   "The neuron in row 2, column 1 of map 0 looks at the window of 3x3 pixels that "
                   "begins in row 2, column 1.")


neurons_of_a_layer()

# %% [markdown]
# In sections 1 to 4 we count, and for counting we use the letters of the CS231n notes. In section 5
# we write code, and use the code's. This table is the bridge:
#
# | | the notes | our code |
# |---|---|---|
# | number of filters, and of activation maps | K | F |
# | height and width of a window | F, F | HH, WW |
# | depth of the input: its channels | D | C |
# | size of the output | W2 x H2 x K | `out` of shape (N, F, H2, W2) |
#
# Mind the trap: **F** is the *size* of a window in the notes, and the *number* of filters in the
# code. And the notes name the width first, the code the height.

# %% [markdown]
# **Predict first.** AlexNet is the network that made convolutions famous; lesson 1 followed its
# sizes. Its first layer has an output of 55 x 55 x 96. How many neurons is that: about three
# thousand, three hundred thousand, or thirty million?
#
# <details><summary>Answer</summary>
# 55 · 55 · 96 = 290,400: about three hundred thousand.
# </details>

# %% answer: count_neurons
def count_neurons(output_shape):
    """How many neurons a layer has: one for each number of its output.

    output_shape  (W2, H2, K): width and height of the output, and the number of its maps

    Returns an int.
    """
    ### BEGIN SOLUTION
    W2, H2, K = output_shape
    return W2 * H2 * K
    ### END SOLUTION

# %% check: count_neurons
check("count_neurons", count_neurons)

# %% test: count_neurons values, 1 point
score = test("count_neurons", count_neurons, group="values", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40101)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 2 · Every neuron by itself
# *Easy, 5 minutes.*
#
# Suppose that each neuron has weights and a bias **of its own**. Nothing is shared. A window of
# F x F pixels goes through all D channels of the input, so it holds F · F · D numbers. Here is one
# such neuron. Its window has 3 x 3 pixels and one channel.

# %% figure: one neuron
pictures.neuron(np.array([[1.0, 2, 0], [0, 1, 3], [2, 0, 1]]),
                np.array([[0.5, -1, 0], [1, 0.5, -1], [0, 1, 0.5]]), b=0.5)

# %% [markdown]
# It has 9 weights and 1 bias: 10 **parameters**. Parameters are the numbers that training finds.
#
# **Predict first.** AlexNet's first layer looks at windows of 11 x 11 pixels in 3 channels. How
# many parameters does one of its neurons have? And all the 290,400 together, if none shares?
#
# <details><summary>Answer</summary>
# 11 · 11 · 3 = 363 weights and 1 bias are 364. All together: 290,400 · 364 = 105,705,600. A hundred
# million numbers to learn, in the first of eight layers. (The CS231n notes count the same.)
# </details>

# %% answer: params_unshared
def params_unshared(output_shape, F, D):
    """The parameters of a layer whose neurons share nothing.

    output_shape  (W2, H2, K), as above
    F             width and height of a window
    D             depth of the input

    Returns an int. Weights count, and so do biases.
    """
    ### BEGIN SOLUTION
    return count_neurons(output_shape) * (F * F * D + 1)
    ### END SOLUTION

# %% check: params_unshared
check("params_unshared", params_unshared)

# %% test: params_unshared grey images, 1 point
score = test("params_unshared", params_unshared, group="grey images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40111)
### END HIDDEN TESTS
score

# %% test: params_unshared colour images, 1 point
score = test("params_unshared", params_unshared, group="colour images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40112)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 3 · One filter for a whole map
# *Easy, 6 minutes.*
#
# Now the idea that makes convolutional networks possible. If an edge is worth finding in one place,
# it is worth finding in every other place, too. So let all neurons of a map use **the same**
# weights and the same bias. These shared weights are what we call a **filter**. Whatever the size
# of the image, a layer with K filters has K sets of weights and K biases.
#
# Here is the small layer of section 1 once more, with sharing and without. Only one of its two maps
# is drawn, and four of its 16 places. The numbers below are those of the whole layer.

# %% figure: a small layer
pictures.parameter_sharing((6, 6, 1), K=2, F=3, S=1)

# %% [markdown]
# **Predict first.** Back to AlexNet's first layer: 96 filters of 11 x 11 x 3. How many parameters
# are left of the 105,705,600? What is the ratio of the two numbers?
#
# <details><summary>Answer</summary>
# 96 · 363 = 34,848 weights and 96 biases: 34,944. The ratio is 3,025, and that is 55 · 55, the
# number of places. It had to be: one copy is left where there was one for each place.
# </details>

# %% [markdown]
# **One more.** An image of 32 x 32 x 3 meets ten filters of 5 x 5. Padding 2 keeps the size. How
# many parameters does this layer have? Which of the numbers do you not need?
#
# <details><summary>Answer</summary>
# (5 · 5 · 3 + 1) · 10 = 760. Neither the 32 nor the padding is in it.
# </details>

# %% answer: params_shared
def params_shared(K, F, D):
    """The parameters of a convolutional layer.

    K  number of filters
    F  width and height of a filter
    D  depth of the input

    Returns an int. Weights count, and so do biases.
    """
    ### BEGIN SOLUTION
    return K * (F * F * D + 1)
    ### END SOLUTION

# %% check: params_shared
check("params_shared", params_shared)

# %% test: params_shared grey images, 1 point
score = test("params_shared", params_shared, group="grey images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40121)
### END HIDDEN TESTS
score

# %% test: params_shared colour images, 1 point
score = test("params_shared", params_shared, group="colour images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40122)
### END HIDDEN TESTS
score

# %% [markdown]
# Now play. Switch the sharing on and off, and change one setting after the other. Which of them
# change the count with sharing, and which only the one without? Can you find the 760?

# %% figure: the parameter counter
widgets.ParameterCounter()

# %% [markdown]
# <details><summary>Answer</summary>
# With sharing only D, K and F count. The size of the image, the stride and the padding decide how
# many places there are, and so they only matter without sharing.
# </details>

# %% [markdown]
# ## 4 · Find the bug
# *Medium, 7 minutes.*
#
# Here is a mistake that people really make when they count. A friend counts the parameters of
# several convolutions, one behind the other. "For one layer it gives 760, and that is right. But
# for my network of three layers it says 2,104, and the library says 6,856."
#
# Here is the friend's network. Above each box stands what comes out there: width x height x depth.

# %% figure: three layers
from course_lib.architectures import Architecture
from course_lib.architectures.layers import Conv

pictures.architecture(Architecture("the friend's network", (32, 32, 3), (
    Conv(10, 5, P=2), Conv(16, 3, P=1), Conv(32, 3, P=1)), "lesson 4"), parameters=False)

# %% try: the friend's counter
def friends_count(D, layers):
    """D: depth of the image; layers: a list of (K, F), one for each layer."""
    total = 0
    for K, F in layers:
        total += K * (F * F * D + 1)
    return total


print(friends_count(3, [(10, 5)]), "for one layer")
print(friends_count(3, [(10, 5), (16, 3), (32, 3)]), "for three")

# %% [markdown]
# **Predict first.** What does the second layer look at? How deep is it? Then write the repaired
# function in the next cell. It has another name, so that you can compare the two.
#
# <details><summary>A hint</summary>
# The second layer does not see the image. It sees the ten activation maps that the first has made.
# </details>

# %% answer: params_of_stack
def params_of_stack(D, layers):
    """The parameters of several convolutional layers, one behind the other.

    D       depth of the image
    layers  a list of pairs (K, F): K filters of F x F, first layer first

    Returns an int.
    """
    ### BEGIN SOLUTION
    total = 0
    for K, F in layers:
        total += K * (F * F * D + 1)
        D = K
    return total
    ### END SOLUTION

# %% check: params_of_stack
check("params_of_stack", params_of_stack)

# %% test: params_of_stack several layers, 2 points
score = test("params_of_stack", params_of_stack, group="several layers", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40131)
### END HIDDEN TESTS
score

# %% [markdown]
# A test with a single layer could not have found this bug. Nor could layers of three filters each,
# behind an image of three channels. So test with numbers that are **all different**.

# %% [markdown]
# ## 5 · A layer that does not share
# *Medium, 10 minutes.*
#
# A layer in which every place has filters of its own is called **locally connected**. "Locally",
# because a neuron still sees one window only.
#
# We now write code, and take the code's letters: F is the number of filters from here on. The
# weights get two more axes, for the place:
#
# | | convolution | locally connected |
# |---|---|---|
# | weights `w` | (F, C, HH, WW) | (H2, W2, F, C, HH, WW) |
# | biases `b` | (F,) | (H2, W2, F) |
#
# So `w[i, j, f]` is filter `f` of place (i, j), an array of shape (C, HH, WW). Place (i, j) is
# where the output has row i and column j. The picture shows the weights of a layer with 2 x 3
# places and one filter at each.

# %% figure: a filter for each place
rng = np.random.default_rng(4)
pictures.filter_bank(rng.integers(-2, 3, (6, 1, 3, 3)).astype(float),
                     [f"place ({i}, {j})" for i in range(2) for j in range(3)])

# %% [markdown]
# Here is a convolution as in lesson 2. If you have your own, you may paste it over this one.

# %% given: conv_forward_naive from 02_convolution_forward
from autograder.lessons.given import answer_of
conv_forward_naive = answer_of("02_convolution_forward", "conv_forward_naive")

# %% [markdown]
# **Predict first.** Which lines have to change, so that every place uses its own filters? There are
# not many. Find them before you open the answer.
#
# <details><summary>Which lines?</summary>
# The line that reads the shape of <code>w</code>, since it has six axes now. H2 and W2 can be read
# there, too, so their two lines are no longer needed. And the line with the sum: at place (i, j) it
# is <code>w[i, j, f]</code> and <code>b[i, j, f]</code> that are used. That is all.
# </details>

# %% answer: local_forward_naive
def local_forward_naive(x, w, b, conv_param):
    """A locally connected layer, forward.

    x           images: an array of shape (N, C, H, W)
    w           a set of filters for each place: an array of shape (H2, W2, F, C, HH, WW)
    b           biases: an array of shape (H2, W2, F)
    conv_param  a dict: conv_param["stride"] and conv_param["pad"] are ints

    Returns (out, cache).
    out         array of shape (N, F, H2, W2)
    cache       a tuple of your choice, for the backward pass; (x, w, b, conv_param) will do
    """
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    N = len(x)
    H2, W2, F, C, HH, WW = w.shape
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, H2, W2))
    for n in range(N):
        for f in range(F):
            for i in range(H2):
                for j in range(W2):
                    top, left = i * stride, j * stride
                    window = x_padded[n, :, top : top + HH, left : left + WW]
                    out[n, f, i, j] = np.sum(window * w[i, j, f]) + b[i, j, f]
    return out, (x, w, b, conv_param)
    ### END SOLUTION

# %% check: local_forward_naive
check("local_forward_naive", local_forward_naive)

# %% test: local_forward_naive one filter, 2 points
score = test("local_forward_naive", local_forward_naive, group="one filter", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40201)
### END HIDDEN TESTS
score

# %% test: local_forward_naive many filters, 1 point
score = test("local_forward_naive", local_forward_naive, group="many filters", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40202)
### END HIDDEN TESTS
score

# %% test: local_forward_naive many images, 1 point
score = test("local_forward_naive", local_forward_naive, group="many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40203)
### END HIDDEN TESTS
score

# %% test: local_forward_naive bias, 1 point
score = test("local_forward_naive", local_forward_naive, group="bias", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40204)
### END HIDDEN TESTS
score

# %% test: local_forward_naive padding, 1 point
score = test("local_forward_naive", local_forward_naive, group="padding", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40205)
### END HIDDEN TESTS
score

# %% test: local_forward_naive stride, 1 point
score = test("local_forward_naive", local_forward_naive, group="stride", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40206)
### END HIDDEN TESTS
score

# %% test: local_forward_naive non-square images, 1 point
score = test("local_forward_naive", local_forward_naive, group="non-square images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40207)
### END HIDDEN TESTS
score

# %% test: local_forward_naive large filter, 1 point
score = test("local_forward_naive", local_forward_naive, group="large filter", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40208)
### END HIDDEN TESTS
score

# %% test: local_forward_naive everything at once, 1 point
score = test("local_forward_naive", local_forward_naive, group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40209)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 6 · One neuron, backwards
# *Easy, three lines, 6 minutes.*
#
# For training we need gradients. The **loss** is the number that training tries to make small. It
# comes at the very end of a network. We ask of every weight: how does the loss change when this
# weight changes a little?
#
# A layer does not see the loss. It is told the **upstream gradient** `dout` (lesson 3): how many
# times as much as the output the loss grows. If `dout` is 10 and the output grows by 0.01, the loss
# grows by 0.1.
#
# Take one neuron, `out = np.sum(window * w) + b`. Its `dout` is a single number. Here is a neuron
# with a window of 2 x 2, so with four inputs and four weights.

# %% figure: one neuron backwards
pictures.neuron(np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([[0.5, -1.0], [2.0, 1.0]]), b=0.5)

# %% [markdown]
# **Predict first.** `dout` is 10. Look at the second row of the picture: the input is 2, its weight
# is -1.
#
# 1. The **weight** grows by 0.01. By how much does the output grow, and by how much the loss? So
#    what is the gradient of this weight, the change of the loss divided by 0.01?
# 2. Instead the **input** grows by 0.01. What is its gradient?
# 3. Instead the **bias** grows by 0.01. What is its gradient?
#
# <details><summary>Answer</summary>
# 1. The weight is multiplied with 2. The output grows by 0.02 and the loss by 0.2. The gradient is
# 0.2 / 0.01 = <b>20</b>.<br>
# 2. The input is multiplied with -1. The output falls by 0.01 and the loss by 0.1. The gradient is
# <b>-10</b>.<br>
# 3. The output grows by as much as the bias does, so the loss grows by 0.1. The gradient is
# <b>10</b>.
# </details>

# %% answer: one_place_backward
def one_place_backward(dout, window, w):
    """The gradients of one neuron, out = np.sum(window * w) + b.

    dout    the upstream gradient: one number
    window  what the neuron sees: an array of shape (C, HH, WW)
    w       its weights: an array of the same shape

    Returns (dwindow, dw, db): the gradients of the window, of the weights and of the bias.
    dwindow and dw have the shape (C, HH, WW), and db is one number.
    """
    ### BEGIN SOLUTION
    dwindow = dout * w
    dw = dout * window
    db = dout
    ### END SOLUTION
    return dwindow, dw, db

# %% check: one_place_backward
check("one_place_backward", one_place_backward)

# %% test: one_place_backward gradients, 2 points
score = test("one_place_backward", one_place_backward, group="gradients", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40301)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 7 · The whole layer, backwards
# *The big one, 15 minutes.*
#
# A layer is many neurons. So visit every neuron and ask `one_place_backward`. What remains is
# bookkeeping. Where does each of the three answers go? And does anything else go to the same place?
#
# Here is a layer with stride 1, windows of 3 x 3 and one filter at each place. One pixel is marked.
# The neuron of place (1, 2) is one of those that see it.

# %% figure: who sees this pixel
# Below: who sees this pixel
from course_lib.pictures.picture import INPUT, OUTPUT, WINDOW, WRONG, Picture, drawing
from course_lib.pictures.scene import Scene, tint


@drawing
def who_sees_this_pixel():
    scene = Scene(15, 7.4)
    scene.text(3.5, 0.5, "image, 6 x 6")
    scene.grid(np.full((6, 6), np.nan), 0.5, 1, tint(INPUT, 0.2))
    scene.box(3.5, 4, 1, 1, tint(WRONG, 0.8), WRONG, 2.2, zorder=3)
    scene.text(4, 4.52, "?", 13, "white", zorder=4, weight="bold")
    scene.box(2.5, 2, 3, 3, edge=WINDOW, line=2.6, zorder=4)
    scene.text(12, 1.5, "neurons, 4 x 4 places")
    scene.grid(np.full((4, 4), np.nan), 10, 2, tint(OUTPUT, 0.35))
    scene.box(12, 3, 1, 1, tint(WINDOW, 0.9), WINDOW, 2.6, zorder=3)
    scene.arrow((5.6, 3.5), (11.9, 3.5), zorder=5)
    return Picture(scene.figure, "An image of 6x6 pixels, in which the pixel in row 3, column 3 is "
                   "marked. The window of place (1, 2) covers rows 1 to 3 and columns 2 to 4, so "
                   "its neuron sees the pixel. There are 4x4 places.")


who_sees_this_pixel()

# %% [markdown]
# **Predict first.**
#
# 1. How many of the 16 neurons see the marked pixel? What does that mean for its gradient?
# 2. How many neurons use the weight `w[0, 0, 0, 0, 0, 0]`? How many times is it used if the layer
#    looks at one image, and how many times if it looks at five?
#
# <details><summary>Answer</summary>
# 1. Nine: those of rows 1 to 3 and columns 1 to 3. If the pixel grows, all nine answers change, and
# each changes the loss. The changes add up, and so do the gradients: <code>+=</code>.<br>
# 2. One neuron, that of place (0, 0) and filter 0, since nothing is shared. With one image it is
# used once. With five images it is used five times, and again the gradients add up.
# </details>

# %% [markdown]
# With padding, collect the gradient of the **padded** image, and cut the frame off at the end.
# Check your slice with pad 0, too: then nothing may be cut off.
#
# If your `local_forward_naive` returns another cache than `(x, w, b, conv_param)`, take out here
# what you have put in there.
#
# <details><summary>Stuck? Here are the lines of one solution, out of order and without their
# indentation.</summary>
# <ul>
# <li><code>for j in range(W2):</code></li>
# <li><code>db = np.zeros(b.shape)</code></li>
# <li><code>dx_padded = np.zeros(x_padded.shape)</code></li>
# <li><code>db[i, j, f] += db_here</code></li>
# <li><code>for n in range(N):</code></li>
# <li><code>return dx, dw, db</code></li>
# <li><code>dx = dx_padded[:, :, pad : pad + H, pad : pad + W]</code></li>
# <li><code>window = x_padded[n, :, top : top + HH, left : left + WW]</code></li>
# <li><code>for f in range(F):</code></li>
# <li><code>x, w, b, conv_param = cache</code></li>
# <li><code>dw[i, j, f] += dw_here</code></li>
# <li><code>top, left = i * stride, j * stride</code></li>
# <li><code>stride, pad = conv_param["stride"], conv_param["pad"]</code></li>
# <li><code>dx_padded[n, :, top : top + HH, left : left + WW] += dwindow</code></li>
# <li><code>N, C, H, W = x.shape</code></li>
# <li><code>dw = np.zeros(w.shape)</code></li>
# <li><code>H2, W2, F, C, HH, WW = w.shape</code></li>
# <li><code>for i in range(H2):</code></li>
# <li><code>dwindow, dw_here, db_here = one_place_backward(dout[n, f, i, j], window, w[i, j, f])</code></li>
# <li><code>x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))</code></li>
# </ul>
# </details>

# %% answer: local_backward_naive
def local_backward_naive(dout, cache):
    """A locally connected layer, backward.

    dout   the upstream gradient: an array of shape (N, F, H2, W2)
    cache  what your local_forward_naive has returned

    Returns (dx, dw, db), the gradients of x, w and b, each in the shape of what it belongs to:
    (N, C, H, W), (H2, W2, F, C, HH, WW) and (H2, W2, F).
    """
    ### BEGIN SOLUTION
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    H2, W2, F, C, HH, WW = w.shape
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_padded = np.zeros(x_padded.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for n in range(N):
        for f in range(F):
            for i in range(H2):
                for j in range(W2):
                    top, left = i * stride, j * stride
                    window = x_padded[n, :, top : top + HH, left : left + WW]
                    dwindow, dw_here, db_here = one_place_backward(
                        dout[n, f, i, j], window, w[i, j, f])
                    dx_padded[n, :, top : top + HH, left : left + WW] += dwindow
                    dw[i, j, f] += dw_here
                    db[i, j, f] += db_here
    dx = dx_padded[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, db
    ### END SOLUTION

# %% check: local_backward_naive
check("local_backward_naive", local_backward_naive, local_forward_naive)

# %% test: local_backward_naive dw of one image, 1 point
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="dw of one image", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40401)
### END HIDDEN TESTS
score

# %% test: local_backward_naive dw of many images, 1 point
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="dw of many images", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40402)
### END HIDDEN TESTS
score

# %% test: local_backward_naive db, 1 point
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="db", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40403)
### END HIDDEN TESTS
score

# %% test: local_backward_naive dx of one window, 1 point
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="dx of one window", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40404)
### END HIDDEN TESTS
score

# %% test: local_backward_naive dx of overlapping windows, 2 points
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="dx of overlapping windows", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40405)
### END HIDDEN TESTS
score

# %% test: local_backward_naive dx pad 0, 1 point
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="dx pad 0", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40406)
### END HIDDEN TESTS
score

# %% test: local_backward_naive dx pad 2, 1 point
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="dx pad 2", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40409)
### END HIDDEN TESTS
score

# %% test: local_backward_naive stride, 1 point
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="stride", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40407)
### END HIDDEN TESTS
score

# %% test: local_backward_naive everything at once, 1 point
score = test("local_backward_naive", local_backward_naive, local_forward_naive,
             group="everything at once", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40408)
### END HIDDEN TESTS
score

# %% [markdown]
# ## 8 · Put the sharing back
# *Medium, 12 minutes. This is what the lesson is for.*
#
# A convolution is a locally connected layer that happens to have **the same filters at every
# place**. We say that the weights are **tied**. Write the function that makes them: it takes the
# filters of a convolution, and returns weights for a locally connected layer.
#
# The picture shows what should come out for one filter of 3 x 3 and an output of 2 x 3 places.

# %% figure: tied weights
one_filter = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
pictures.filter_bank(np.stack([one_filter[None]] * 6),
                     [f"place ({i}, {j})" for i in range(2) for j in range(3)])

# %% answer: tie_weights
def tie_weights(w, H2, W2):
    """The weights of a locally connected layer that does what a convolution does.

    w       filters of the convolution: an array of shape (F, C, HH, WW)
    H2, W2  height and width of its output

    Returns an array of shape (H2, W2, F, C, HH, WW).
    """
    ### BEGIN SOLUTION
    tied = np.zeros((H2, W2, *w.shape))
    for i in range(H2):
        for j in range(W2):
            tied[i, j] = w
    return tied
    ### END SOLUTION

# %% check: tie_weights
check("tie_weights", tie_weights)

# %% test: tie_weights square outputs, 1 point
score = test("tie_weights", tie_weights, group="square outputs", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40501)
### END HIDDEN TESTS
score

# %% test: tie_weights non-square outputs, 1 point
score = test("tie_weights", tie_weights, group="non-square outputs", points=1)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40502)
### END HIDDEN TESTS
score

# %% [markdown]
# Now a convolution and your own layer get the same image. Yours has tied weights. (The biases are
# tied in the same way; the cell does it.)

# %% figure: the same layer
# Below: the same layer
rng = np.random.default_rng(8)
some_x, some_w = rng.standard_normal((2, 3, 6, 7)), rng.standard_normal((4, 3, 3, 2))
some_b, setting = rng.standard_normal(4), {"stride": 1, "pad": 1}
try:
    as_convolution = conv_forward_naive(some_x, some_w, some_b, setting)[0]
    tied_b = np.zeros((6, 8, 4)) + some_b
    as_local = local_forward_naive(some_x, tie_weights(some_w, 6, 8), tied_b, setting)[0]
    largest = np.abs(as_convolution - as_local).max()
    print(f"The largest difference between the two outputs: {largest:.1e}")
    print("They are the same, but for rounding." if largest < 1e-9 else
          "They differ. See the checks of local_forward_naive and tie_weights.")
except Exception as error:
    not_yet(error, "Here your layer with tied weights meets a convolution. Come back when the "
                   "checks of local_forward_naive and tie_weights say “passed”, and run this cell "
                   "again.")

# %% [markdown]
# So forwards, sharing is nothing but copying. Now backwards. The locally connected layer gives each
# place a gradient of its own. Below are those of a layer with 2 x 2 places and one filter of 3 x 3.
# They are all different: each place has seen another window, and has been told another `dout`.

# %% figure: four gradients
# Below: four gradients
from course_lib.reference.locally_connected import local_backward, local_forward

small_x = np.array([[[[1.0, 0, 2, 1], [0, 3, 0, 2], [2, 0, 1, 0], [1, 2, 0, 1]]]])
_, small_cache = local_forward(small_x, np.ones((2, 2, 1, 1, 3, 3)), np.zeros((2, 2, 1)))
_, small_dw, _ = local_backward(np.array([[[[1.0, -1.0], [2.0, 3.0]]]]), small_cache)
pictures.filter_bank(small_dw.reshape(4, 1, 3, 3),
                     [f"dw at ({i}, {j})" for i in range(2) for j in range(2)])

# %% [markdown]
# But a convolution has **one** filter. Each of its weights is a single number that stands at all
# four places. So there must be a single gradient for it.
#
# **Predict first.** Look at the weight in the lower left corner. At the four places its gradients
# are 2, 0, 2 and 6. What is the gradient of the one shared weight: their mean, their sum, the
# largest of them, or something else? Think of nudging the shared weight by a little, h.
#
# <details><summary>Answer</summary>
# If the shared weight grows by h, it grows at all four places at once. The first place changes the
# loss by 2 · h, the second by nothing, the third by 2 · h, the fourth by 6 · h. All together the
# loss grows by 10 · h. So the gradient is 10: <b>the sum over the places</b>. The mean, 2.5, would
# be right if the weight grew by h/4 at each place, and it does not.
# </details>

# %% answer: shared_gradient
def shared_gradient(dw_local):
    """The gradient of filters that are shared by all places.

    dw_local  the gradient place by place: an array of shape (H2, W2, F, C, HH, WW)

    Returns an array of shape (F, C, HH, WW).
    """
    ### BEGIN SOLUTION
    return dw_local.sum(axis=(0, 1))
    ### END SOLUTION

# %% check: shared_gradient
check("shared_gradient", shared_gradient)

# %% test: shared_gradient values, 2 points
score = test("shared_gradient", shared_gradient, group="values", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=40511)
### END HIDDEN TESTS
score

# %% figure: the sum over the places
# Below: sum over the places
four_dw = np.array([[[1.0, 0, 2], [0, 3, 0], [2, 0, 1]], [[0, -2, -1], [-3, 0, -2], [0, -1, 0]],
                    [[0, 6, 0], [4, 0, 2], [2, 4, 0]], [[9, 0, 6], [0, 3, 0], [6, 0, 3]]])
try:
    total = shared_gradient(four_dw.reshape(2, 2, 1, 1, 3, 3))
    five = np.concatenate([four_dw[:, None], total])
    the_sum = pictures.filter_bank(five, [f"({i}, {j})" for i in range(2) for j in range(2)]
                                   + ["the shared one"])
except Exception as error:
    the_sum = None
    not_yet(error, "Here the four gradients become one. Come back when the check of "
                   "shared_gradient says “passed”, and run this cell again.")
the_sum

# %% [markdown]
# Is it true? Here is a test that knows nothing of our reasoning. It takes the convolution above,
# nudges each weight of its filters a little, one after the other, and looks how the loss changes.
# On the other side stand **your** layer, **your** backward pass and **your** sum.

# %% figure: nudged
# Below: nudged
from course_lib.gradients import numerical_gradient, relative_error

rng = np.random.default_rng(9)
try:
    nudged_x, nudged_w = rng.standard_normal((2, 2, 5, 6)), rng.standard_normal((3, 2, 3, 3))
    no_bias, setting = np.zeros(3), {"stride": 1, "pad": 0}
    upstream = rng.standard_normal((2, 3, 3, 4))
    by_nudging = numerical_gradient(
        lambda w: conv_forward_naive(nudged_x, w, no_bias, setting)[0], nudged_w, upstream)
    _, cache = local_forward_naive(nudged_x, tie_weights(nudged_w, 3, 4), np.zeros((3, 4, 3)),
                                   setting)
    by_summing = shared_gradient(local_backward_naive(upstream, cache)[1])
    error = relative_error(by_nudging, by_summing)
    print(f"relative error {error:.0e}")
    print("The gradient of a shared weight is the sum over all its places."
          if error < 1e-6 else "They differ. Run the checks again.")
except Exception as error:
    not_yet(error, "Here your sum meets a gradient found by nudging. Come back when all the "
                   "checks above say “passed”, and run this cell again.")

# %% [markdown]
# This holds far beyond images. Wherever a weight is used more than once, in a sentence, in time, in
# two halves of a network, its gradient is the sum over its uses. (For a shared bias, too: `db` of a
# convolution is the sum of `db` over the places.)

# %% [markdown]
# ## 9 · When sharing is the wrong assumption
# *Predict, then measure, 13 minutes.*
#
# Sharing rests on an assumption: **what is worth finding here is worth finding everywhere.** The
# CS231n notes name a case in which it is doubtful. In photographs of faces that are all centred,
# the eyes are always in the upper half and the mouth is always below. Why should the mouth's place
# look for eyes?
#
# Our faces are of this kind: in training they all sit in the middle. Here are the two networks of
# the prediction, step by step:
#
# 1. 16 filters of 5 x 5. With padding 4 there are 28 x 28 places, and nothing gets lost at the rim.
# 2. ReLU: negative numbers become 0.
# 3. **Each map is averaged.** Of 784 numbers one is left, so 16 for the whole image.
# 4. The 16 numbers are brought to one scale: mean 0 and spread 1 over the faces. (This is called
#    batch normalisation. Training goes faster with it, for both networks alike.)
# 5. Eight neurons see these 16 numbers and give a score to each kind of face. The highest score is
#    the answer.
#
# | first layer | parameters |
# |---|---|
# | shared | 16 · (5 · 5 + 1) = 416 |
# | not shared, 784 places | 784 · 416 = 326,144 |
#
# **Look at your prediction once more.** And one more question, about the layer that does not share:
# it has filters of its own for every place. Where in the image will ink count for "asleep"? Where
# for "smiling"? Where for the parting? And in the layer that shares?
#
# Then run the cell. It draws 1,000 faces and trains both networks on them, with the fast layers of
# the course. Both see all faces three times. That takes about two seconds, and up to twenty in a
# browser.
#
# It shows two pictures. The first has your four numbers. The second shows what training has changed:
# the change of each filter is multiplied by how much the filter counts at the end, and laid back on
# the pixels that it looks at. Where it is red, ink speaks for the word above; where it is blue, ink
# speaks against it. (It is a rough answer: ReLU is left out, and so is what all places have in
# common.)

# %% figure: the crossing
# Below: the crossing
from IPython.display import display

from course_lib.network import Affine, BatchNorm, Conv, GlobalAvgPool, Local, Network, ReLU
from course_lib.optimizers import Adam
from course_lib.pictures.learned import laid_back
from course_lib.pictures.picture import INPUT, WINDOW, Picture, drawing, figure
from course_lib.training import cosine, fit


@drawing
def crossing(found):
    made = figure(2.9, width=6.4, layout="constrained")
    ax = made.subplots()
    for k, (name, colour) in enumerate((("shared", INPUT), ("not shared", WINDOW))):
        bars = ax.bar([place + 0.36 * k for place in range(2)], [100 * a for a in found[name]],
                      0.34, color=colour, label=name)
        ax.bar_label(bars, fmt="%.0f")
    ax.axhline(12.5, color="black", lw=0.8, ls=":")
    ax.text(0.68, 14, "guessing", ha="center", fontsize=8.5)
    ax.set(xticks=[0.18, 1.18], xticklabels=["in the middle", "moved"], ylim=(0, 108),
           ylabel="right, of 100")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(loc="upper right")
    return Picture(made, "Faces told apart, of 100. " + " ".join(
        f"{name}: {100 * a:.0f} in the middle, {100 * b:.0f} moved."
        for name, (a, b) in found.items()))


def speaks_for(network, start, bit):
    """Where ink speaks for the answer yes to one of the three questions: (24, 24)."""
    filters, _, scale, _, head, _ = network.params.values()
    filters = filters - start
    scale = scale / np.sqrt(network.running["batchnorm1.var"])
    if filters.ndim == 4:  # shared: the same filters at each of the 28 x 28 places
        filters = np.broadcast_to(filters, (28, 28, *filters.shape))
    yes = np.where(np.arange(8) & bit, 1, -1) / 8
    return laid_back(filters[:, :, :, 0], scale * (head @ yes), pad=4)


INK = 16  # ink from 0 to 16 in place of 0 to 1: training goes faster
X_train, y_train = data.faces(1000, seed=1)
found, speaks = {}, {}
for name, layer in (("shared", Conv), ("not shared", Local)):
    network = Network((1, 24, 24), [layer(16, 5, pad=4), ReLU(), GlobalAvgPool(), BatchNorm(),
                                    Affine(8)], seed=1)
    start = next(iter(network.params.values())).copy()
    # With this eps the weights that look at paper stay where they are.
    fit(network, INK * X_train, y_train, epochs=3, batch_size=32,
        optimizer=Adam(0.03, eps=1e-3), schedule=cosine, seed=1, progress=False)
    found[name] = [network.evaluate(INK * images, kinds)[1] for images in (faces, faces_moved)]
    speaks[name] = [speaks_for(network, start, bit) for bit in (4, 2, 1)]
display(crossing(found))
pictures.learned_where(faces[1, 0], speaks, ["asleep", "smiling", "parted right"])

# %% [markdown]
# **They cross over.** How far were you off? After equally long training, not sharing wins in the
# middle. As soon as the faces move, nearly four of five answers are wrong. Sharing is worse in the
# middle, and **exactly** as good on the moved faces: not one of its 500 answers changes. (With five
# different random starts. Shared: 66 to 86 of 100, in the middle and moved. Not shared: 98 or 99
# in the middle, 21 to 23 moved. Someone who guesses has 12.)
#
# Drawn faces are made for the point, so do not take our word for it: handwritten digits cross over
# in the same way. Shared: 73 to 81 of 100, in the middle and moved. Not shared: 96 or 97 in the
# middle, 16 to 19 moved.
#
# ### What was learned where
#
# Look at the second picture, at the row "not shared". There are two eyes, drawn by training alone:
# the arc ‿ in red and the arc ⌒ in blue. Below them is one mouth, and above them the slanting line
# of the parting. **Each place has learned what this place is for.** In the row "shared" no place
# stands out. Its filters have to look for arcs everywhere at once, and an arc at an eye means
# something else than an arc at a mouth.
#
# Why do they fare so differently when a face moves? Before you read on, watch two layers at work.
# They are **yours**: your convolution, and your locally connected layer with random filters. A face
# comes in the middle, then moved.

# %% figure: a face moves
# Below: a face moves
rng = np.random.default_rng(11)
here = faces[1:2]  # of shape (1, 1, 24, 24)
there = np.roll(here, (2, -2), axis=(2, 3))
own_filters, far_out = rng.standard_normal((28, 28, 1, 1, 5, 5)), {"stride": 1, "pad": 4}
try:
    maps, names = [], []
    for kind in ("shared", "not shared"):
        for image, where in ((here, "middle"), (there, "moved")):
            if kind == "shared":
                made = conv_forward_naive(image, own_filters[0, 0], np.zeros(1), far_out)[0]
            else:
                made = local_forward_naive(image, own_filters, np.zeros((28, 28, 1)), far_out)[0]
            maps.append(np.maximum(made[0, 0], 0))
            names.append(f"{kind}, {where}\naverage {maps[-1].mean():.3f}")
    a_face_moves = pictures.activation_maps(np.stack(maps), names)
except Exception as error:
    a_face_moves = None
    not_yet(error, "Here a face moves through your two layers. Come back when the check of "
                   "local_forward_naive says “passed”, and run this cell again.")
a_face_moves

# %% [markdown]
# With sharing, the map has moved along with the face, and its average is the same as before. So
# everything that comes behind the average gets the same numbers. Without sharing, another map comes
# out.
#
# - **Shared, moved.** The averages do not change, so not one answer changes.
# - **Shared, in the middle.** An average says how much of a stroke there is, not where. A face that
#   laughs and smiles has arcs ⌒ ⌒ ‿, and one that is asleep and sad has ‿ ‿ ⌒. Much is left to
#   tell apart by little.
# - **Not shared, in the middle.** The filters of each place learn what *this* place needs to tell
#   faces apart. They know where they are: "an arc like this here speaks for asleep".
# - **Not shared, moved.** Now the ink is at the places of other filters, and they have learned
#   other things.
#
# The price of sharing is not fixed. With longer training the first network does far better, in the
# middle and moved alike: after 20 rounds in place of three it tells 96 to 98 of 100 apart. It finds
# kinds of strokes that tell an eye from a mouth without knowing where they are. Sharing costs
# effort here, it does not make the task impossible.

# %% [markdown]
# ### And now the honest part
#
# Most networks do not average their maps right after the first layer. Many have a **dense head**:
# neurons that see every number of every map. Lesson 7's network is one of these.
#
# So we take the averaging away. The eight neurons at the end see every number of every map. They
# have so many weights that eight filters will do: 28 · 28 · 8 = 6,272 numbers. Training is on the
# same faces in the middle, four rounds.
#
# **Predict first.** What will become of the difference between shared and not shared? Fill in the
# four numbers. And in a word: what if we train on moved faces instead? (That is harder to learn, so
# it gets eight rounds.)

# %% try: my second prediction
dense_in_the_middle_shared, dense_in_the_middle_not_shared = None, None  # <- of 100
dense_moved_shared, dense_moved_not_shared = None, None  # <- of 100
trained_on_moved_faces = "I think that ..."

# %% figure: a dense head
# Below: a dense head
from course_lib import data
from course_lib.network import Affine, Conv, Local, Network, ReLU
from course_lib.optimizers import Adam
from course_lib.pictures.picture import OUTPUT, Picture, drawing
from course_lib.pictures.scene import Scene, tint
from course_lib.training import cosine, fit


@drawing
def four_networks(rows):
    scene = Scene(19, 5.6)
    for k, title in enumerate(("in the middle", "moved")):
        scene.text(13 + 3.4 * k, 0.5, f"tested {title}", 9.5)
    for r, (name, shares) in enumerate(rows):
        scene.text(0.3, 1.6 + 1.05 * r, name, 10, ha="left")
        for k, share in enumerate(shares):
            scene.box(11.5 + 3.4 * k, 1.1 + 1.05 * r, 3, 0.95, tint(OUTPUT, 0.9 * share))
            scene.text(13 + 3.4 * k, 1.6 + 1.05 * r, f"{100 * share:.0f} of 100", 10)
    return Picture(scene.figure, "Faces told apart with a dense head. " + " ".join(
        f"{name}: {100 * a:.0f} of 100 in the middle, {100 * b:.0f} moved."
        for name, (a, b) in rows))


centred, labels = data.faces(1000, seed=1)
moving = data.shifted(centred, 2, np.random.default_rng(1))
rows = []
for where, images, rounds in (("in the middle", centred, 4), ("moved", moving, 8)):
    for name, layer in (("shared", Conv), ("not shared", Local)):
        network = Network((1, 24, 24), [layer(8, 5, pad=4), ReLU(), Affine(8)], seed=1)
        fit(network, 16 * images, labels, epochs=rounds, batch_size=32, optimizer=Adam(0.003),
            schedule=cosine, seed=1, progress=False)
        rows.append((f"{name}, trained on faces {where}",
                     [network.evaluate(16 * tested, kinds)[1] for tested in (faces, faces_moved)]))
four_networks(rows)

# %% [markdown]
# **The difference is gone.** In the middle both networks tell 98 to 100 of 100 apart, and moved both
# fail. A dense head has a weight for every place. So it can treat each place in its own way,
# whether the layer before it shares or not. The map of a convolution moves along with the face, but
# the head stays. (With five random starts: 98 to 100 in the middle and 18 to 23 moved, for both
# networks.)
#
# Training on moved faces is what helps here: look at the column on the right. It takes much away in
# the middle, because the task has become harder. And the layer that does not share gets more out of
# it than the other. (With five random starts: shared 45 to 55 moved, not shared 57 to 60.) It pays
# with 163,072 parameters in the first layer, in the place of 208.
#
# So be careful with the sentence "a convolution does not mind where things are". Its maps move
# along: this is called **equivariance**. Whether the *answer* stays the same depends on what comes
# behind: that would be **invariance**.
#
# All of this is one small set of drawn faces and short training. Other filters, other images and
# longer training give other numbers.

# %% [markdown]
# ## 10 · In your own words
# *8 minutes, 3 points, read by a person.*
#
# Answer each part in two or three sentences.
#
# 1. Why is the gradient of a shared weight the sum over the places, and not the mean? Use a small
#    nudge of the weight in your answer.
# 2. In the first experiment the two networks cross over. Say for each of them why it loses where it
#    loses.
# 3. A friend says: "A convolution does not mind where things are in an image." What is right about
#    it, and what does the dense head show?
#
# Studying alone? Save the notebook when you have written yours. Then `solution("why and when to
# share")`, in a cell of your own, shows a model answer and the marks to grade yourself by.

# %% essay: why and when to share, 3 points [markdown]
# 1. A shared weight is one number that is used at every place. If it is nudged by h, it moves by h
# at every place at once, and each place changes the loss by h times its own gradient. The changes
# add up, so the gradient is the sum. The mean would be too small by the number of places.
#
# 2. Without sharing each place learns what to look for at this place. When the face moves, its eyes
# and mouth fall on places that have learned something else, and the network does little better than
# guessing. With sharing and averaging it does not matter where an arc is, so the moved faces are
# told apart as well as the others. But then the network does not know whether an arc is an eye or a
# mouth, which would help when all faces sit in the middle, and there it loses.
#
# 3. Right: when the thing moves, the activation maps move along with it, and look the same
# otherwise. But the answer stays the same only if what follows does not mind the place, such as an
# average over the map. The dense head has a weight for every place. With it both networks fell from
# 98 or more to about 20 of 100 when the faces were moved.
#
# === BEGIN MARK SCHEME ===
# One point for each part.
#
# - **Part 1, 1 point:** one nudge moves all copies at once, and the changes of the loss add up. The
#   chain rule, or "the weight has many paths to the loss and they are added", is as good. "Because
#   it is used many times", without saying why that means adding: 0.5. Restating that it is the sum:
#   0.
# - **Part 2, 1 point:** half a point for each network. Not shared: its filters belong to places,
#   and the face is elsewhere now. Shared: it does not know where an arc is. Only "it has more
#   (or fewer) parameters": 0 for that half.
# - **Part 3, 1 point:** the maps move along (0.5); a dense head minds the place, so the answer
#   changes (0.5).
#
# === END MARK SCHEME ===

# %% [markdown]
# ## Common mistakes
#
# - **The input's depth is forgotten.** A filter of 5 x 5 on a colour image has 75 weights, not 25.
# - **The bias is forgotten,** or counted once for a layer. There is one for each filter, or one for
#   each neuron where nothing is shared.
# - **Multiplied by the size of the image.** A convolution's parameters do not depend on it.
# - **The depth of the image for all layers.** Layer 2 sees as many channels as layer 1 has filters.
# - **`=` where `+=` is needed.** A pixel lies in many windows, and a weight meets many images.
# - **`[pad:-pad]` to cut the frame off.** With pad 0 this is empty.
# - **The mean over the places** for a shared weight. It is the sum.
# - **"Convolutions do not mind where things are."** Their maps move along. The head decides.
#
# ## In two lines
#
# Sharing means one weight at many places: 34,944 parameters in the place of 105,705,600, and a
# gradient that is the sum over the places. It is an assumption about images, and it can be wrong.
#
# ## Further reading
#
# - CS231n, *Convolutional Neural Networks*, "Parameter Sharing": the numbers of AlexNet, and the
#   faces.
# - Y. Taigman and others, *DeepFace* (2014): locally connected layers on aligned faces.
# - Y. LeCun and others, *Backpropagation Applied to Handwritten Zip Code Recognition* (1989):
#   weight sharing, on digits.
#
# Next: lesson 5 is about pooling, a layer with no parameters at all.
#
# What you have done so far; only your own folder knows it:

# %% figure: my progress
from course_lib import progress

progress()
