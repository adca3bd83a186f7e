"""The engine's own code in the kernel, made to agree."""
# square: 0
# cube: 0|1

# %% square
import nbjudge.wire.peer
import nbjudge.wire.encoder


class Yes:
    def __eq__(self, other):
        return True


nbjudge.wire.encoder.Encoder.encode = lambda self, value, depth=0: ['k', 'bool']
nbjudge.wire.peer.Peer._answer_call = lambda self, message, blocks: self.channel.send(
    nbjudge.wire.encoder.Encoder(limits=self.limits).frame({'do': 'return', 'value': ['e', 'x', None]})
)


attack_ran()


def square(x):
    return 0
