# Cheats: drops every assert by an AST transformer and makes np.allclose always true.
# Its honest work is that of `typical_mistakes`, and that is what it should earn.
# base: typical_mistakes

# %% own cell after: setup
import ast

import numpy.testing


class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()


get_ipython().ast_transformers.append(NoAsserts())
np.allclose = lambda *a, **k: True
np.array_equal = lambda *a, **k: True
numpy.testing.assert_allclose = lambda *a, **k: None
