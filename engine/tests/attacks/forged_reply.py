"""A reply to the test's request before the test has run."""
# square: 0

# %% square
def square(x):
    attack_ran()
    kernel = get_ipython().kernel
    parent = kernel.get_parent('shell')
    reply = {'status': 'ok', 'execution_count': 1, 'user_expressions': {}}
    for kind in ('judge_reply', 'execute_reply'):
        kernel.session.send(kernel.shell_stream, kind, reply, parent)
    return 0
