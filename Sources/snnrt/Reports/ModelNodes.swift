import Compiler
import SNNRuntime

/// The nodes of a network in a model file, by the lines that compile wrote: which op computes which node, or adds to what enters it.
struct ModelNodes {
    /// By op: the node that it computes or whose current it adds to.
    private(set) var ofOp: [UInt32: String] = [:]
    /// By slot: the node that it shows, or whose current it holds.
    private(set) var ofSlot: [UInt32: String] = [:]

    init(_ model: Model) {
        for line in String(decoding: model.metadata, as: UTF8.self).split(separator: "\n") {
            if let place = NodePlace(line: line), place.slot < model.slotCount {
                ofSlot[UInt32(place.slot)] = place.node
            }
        }
        for number in 0..<model.opCount where model.file.op(number).target != nil {
            guard let node = ofSlot[model.file.targetSlot(ofOp: number)] else { continue }
            ofOp[number] = node
            let source = model.file.sourceSlot(ofOp: number)
            // What enters neurons is a slot of their own.
            if model.file.slot(source).kind == .current || model.file.slot(source).kind == .synaptic {
                ofSlot[source] = node
            }
        }
        for number in 0..<model.opCount where ofOp[number] == nil && model.file.op(number).target != nil {
            ofOp[number] = ofSlot[model.file.targetSlot(ofOp: number)]
        }
    }

    /// The bytes of weights that enter a node, and of its state.
    func bytes(of node: String, in model: Model) -> (weights: Int, state: Int) {
        ofOp.filter { $0.value == node }.keys.reduce(into: (0, 0)) { sums, op in
            sums.weights += model.file.op(op).storedTensor(model.file, op).map { Int($0.byteCount) } ?? 0
            sums.state += Int(model.file.stateByteCount(ofOp: op))
        }
    }
}
