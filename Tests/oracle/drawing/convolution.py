"""Drawing of convolution."""

from math import isqrt

import numpy as np

from drawing.values import draw_weights, toward_zero

LAYOUTS = ("plain", "1 × 1", "strided", "dilated", "asymmetric", "larger than the source", "groups", "groups", "depthwise")


class Convolutions:
    """What draws convolutions."""

    def axis(self, layout, most=3):
        """Kernel, stride, padding before and after, dilation."""
        dice = self.dice
        kernel, stride, padding, dilation = dice.between(1, most), 1, dice.pick(((0, 0), (0, 0), (1, 1))), 1
        if layout == "1 × 1":
            return 1, dice.pick((1, 1, 2)), (0, 0), 1
        if layout == "strided":
            stride = dice.between(2, 4)
        elif layout == "dilated":
            kernel, dilation = dice.between(2, 3), dice.between(2, 3)
        elif layout == "asymmetric":
            padding = dice.pick(((2, 0), (0, 3), (1, 2), (5, 1)))
        return kernel, stride, padding, dilation

    def convolution(self, draft, source, shape, wish, target=None, width=32, layout=None, channels=None):
        """A convolution into a new current slot; returns the slot and its shape."""
        dice = self.dice
        _, encoding, join = wish
        layout, dimensions = layout or self.layouts.next(lambda wish: wish[1] == 1 or shape[0] > 1)
        axes = [self.axis(layout) if dimensions == 2 or i == 1 else (1, 1, (0, 0), 1) for i in range(2)]
        for i in range(2):  # what fits: padding for what is too large
            kernel, stride, padding, dilation = axes[i]
            if layout == "larger than the source" and (i == 1 or dimensions == 2):
                kernel = shape[i] + dice.between(1, 3)
            missing = dilation * (kernel - 1) + 1 - shape[i] - sum(padding)
            if missing > 0:
                padding = (padding[0] + missing // 2 + dice.between(0, 1), padding[1] + missing - missing // 2)
            axes[i] = kernel, stride, padding, dilation
        counts = [(shape[i] + sum(padding) - dilation * (kernel - 1) - 1) // stride + 1
                  for i, (kernel, stride, padding, dilation) in enumerate(axes)]
        groups = 1
        if layout in ("groups", "depthwise"):
            groups = shape[2] if layout == "depthwise" else dice.pick([i for i in range(1, shape[2] + 1) if shape[2] % i == 0])
        each = channels or dice.between(1, max(1, min(5, 120 // (counts[0] * counts[1] * groups))))
        new_shape = (*counts, groups * each)
        sources, kernel = shape[2] // groups, (axes[0][0], axes[1][0])
        arguments = {"source": source, "shape": shape, "encoding": encoding, "join": join, "groups": groups,
                     "strides": (axes[0][1], axes[1][1]), "padding": axes[0][2] + axes[1][2],
                     "dilations": (axes[0][3], axes[1][3])}
        greatest, typical = self.strength(draft, source, arguments)
        fan_in = sources * kernel[0] * kernel[1]
        amplitude = self.amplitude(encoding, fan_in * greatest)
        weights = draw_weights(dice, encoding, (new_shape[2], sources, *kernel), amplitude)
        size = ((amplitude + 1) * typical * (isqrt(fan_in) + 1) // 2).bit_length()
        weights = toward_zero(weights, self.join(arguments, size, new_shape[2], width))
        if target is None:
            target = draft.slot("current", int(np.prod(new_shape)))
        self.dealt.append((self.convolution_wishes, wish, draft.op("convolution", target=target, weights=weights, **arguments)))
        return target, new_shape
