# Classes whose name, module and representation are markup, huge, or raise.
# stopped by: cleaned
# %% append neuron
class Meta(type):
    def __repr__(cls):
        raise SystemExit

    def __instancecheck__(cls, other):
        return True


Strange = Meta("<img src=x onerror=alert(1)>" * 9, (), {"__module__": "<b>", "__repr__": None})
neuron = Strange


class Lookup(dict):
    def __getattribute__(self, name):
        raise MemoryError


zero_pad_before = Lookup()
print("armed")
# %% append zero_pad
def zero_pad(x, pad):
    return Strange()


zero_pad.__name__ = "</div><script>1</script>"
