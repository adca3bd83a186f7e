"""A result and a clean reply published on the kernel's own sockets."""
# square: 0

# %% square
def square(x):
    attack_ran()
    shell = get_ipython()
    kernel = shell.kernel
    parent = kernel.get_parent('shell')
    for kind, content in (
        ('execute_result', {'data': {'text/plain': '3'}, 'metadata': {}, 'execution_count': 1}),
        ('status', {'execution_state': 'idle'}),
    ):
        kernel.session.send(kernel.iopub_socket, kind, content, parent)
    return 0
