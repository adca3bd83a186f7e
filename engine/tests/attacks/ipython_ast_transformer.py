"""Every assert taken out of every cell."""
# square: 0
# control: 3

# %% square
import ast


class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)


get_ipython().ast_transformers.append(NoAsserts())


def square(x):
    attack_ran()
    return 0
