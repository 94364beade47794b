# %% [markdown]
# # Welcome
#
# In these lessons you build convolutional networks by hand, in NumPy. This page shows you around.
# It is no lesson and gives no points.
#
# Click into the first grey cell below and press Shift + Enter. That runs the cell and goes on to
# the next one.

# %% [markdown]
# ## Is everything there?
#
# This cell looks at your Python, the packages and your folder, and says what to do about each
# fault.

# %% environment
from course_lib.lab import environment

environment.look()

# %% [markdown]
# ## How a check speaks
#
# Every exercise of the lessons has a `check`. It costs nothing, and you may run it as often as you
# like. Here it looks at a toy: a function that adds one to a number. So that you know all three
# things that it can say, the toy is written three times.
#
# **Not attempted.** An exercise begins as a stub. Its last line raises an error, which means:
# nobody has written anything here yet.

# %% not attempted
from course_lib import check


def add_one(number):
    """The number that comes after `number`."""
    # YOUR CODE HERE
    raise NotImplementedError()


check("add_one", add_one)

# %% [markdown]
# **Wrong.** The check names the first case that goes wrong, what yours gives there and what is
# expected. If your numbers are those of a mistake that is known, there is a hint about it. For many
# mistakes it tries some small cases of its own, and says when yours is wrong.

# %% wrong
def add_one(number):
    """The number that comes after `number`."""
    return abs(number) + 1


check("add_one", add_one)

# %% [markdown]
# **Passed.** Try it yourself: change the function so that it is wrong, run the cell, and change it
# back.

# %% passed
def add_one(number):
    """The number that comes after `number`."""
    return number + 1


check("add_one", add_one)

# %% [markdown]
# ## The lessons
#
# Take them in this order. The times are for working through all of a lesson; stop wherever you
# like, your work is saved with the notebook.
#
# LESSONS
#
# How far you are, as the last checks and tests have said. Run the cell again whenever you like:

# %% progress
from course_lib import progress

progress()

# %% [markdown]
# ## When you are stuck
#
# In any cell of a lesson you can ask for help. NAME is the name of the function you are writing.
#
# | you write | you get |
# |---|---|
# | `hint("NAME")` | the next of two or three steps, never the answer; the first one says what `check` has found |
# | `solution("NAME")` | the course's solution beside yours, once you have tried; your class may get it later |
# | `progress()` | the table above |
# | `reset("NAME")` | the empty stub again; what you had is kept in a file |
#
# If a notebook does not know one of these words, run `from course_lib import hint, solution,
# progress, reset` first.
#
# The [student guide](student-guide.md) says more: what a verdict tells you, what to do about
# errors, how to hand in.
