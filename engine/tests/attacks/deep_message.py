"""A signed message whose content is a hundred thousand brackets deep."""
# square: 0
# ends: stopped

# %% square
def square(x):
    attack_ran()
    kernel = get_ipython().kernel
    session = kernel.session
    message = session.msg('stream', {}, parent=kernel.get_parent('shell'))
    parts = [session.pack(message['header']), session.pack(message['parent_header']), b'{}',
             b'{"text":' + b'[' * 100_000 + b']' * 100_000 + b'}']
    kernel.iopub_socket.send_multipart([b'stream', b'<IDS|MSG>', session.sign(parts), *parts])
    return 0
