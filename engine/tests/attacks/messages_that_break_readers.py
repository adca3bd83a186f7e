"""Messages that no reader of a kernel expects."""
# square: 0

# %% square
def square(x):
    attack_ran()
    kernel = get_ipython().kernel
    parent = kernel.get_parent('shell')
    for kind, content in (
        ('stream', {}), ('stream', {'name': 7, 'text': None}), ('status', {}), ('display_data', []),
        ('comm_open', {'data': 1}), ('comm_msg', {}), ('error', {'ename': {}}), ('nonsense', None),
        ('clear_output', {'wait': False}), ('update_display_data', {'transient': {'display_id': 'x'}}),
    ):
        kernel.session.send(kernel.iopub_socket, kind, content, parent)
    return 0
