# In the browser the kernel starts while its learner reads: what lessons need is imported then.
for _name in ("course_lib.pictures.picture", "course_lib.widgets", "matplotlib.pyplot"):
    __import__(_name)
del _name
# The site has no jedi: names are completed by looking at what is there.
get_ipython().Completer.use_jedi = False  # noqa: F821
