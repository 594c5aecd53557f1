// Ops as people read them, on the desk only.

#if !hasFeature(Embedded)
    /// A step of the program as the desk looks at it: the body by its kind.
    package struct Op {
        package let header: OpHeader
        package let body: Body
        /// Source and target are the same slot.
        package var isLoop = false

        package enum Body {
            case input(Input)
            case projection(Projection)
            case lif(LIF)
            case memory(Memory)
            case readout(Readout)
            case sparse(Sparse)
            case delay(Delay)
            case convolution(Convolution)
            case pool(Pool)
            case activation(Activation)
            case loihi(Loihi)
            case xylo(Xylo)
            case recurrence(Recurrence)
        }

        package var source: Slot { header.source }
        /// Nil for a readout.
        package var target: Slot? {
            if case .readout = body { return nil }
            return header.target
        }
    }

    extension FileView {
        /// A checked op, decoded.
        package func op(_ number: UInt32) -> Op {
            let record = record(ofOp: number)
            let body: Op.Body
            switch record.kind ?? .readout {
            case .input: body = .input(Input(record))
            case .dense, .block: body = .projection(Projection(record))
            case .lif: body = .lif(LIF(record))
            case .memory: body = .memory(Memory(record))
            case .readout: body = .readout(Readout(record))
            case .sparse: body = .sparse(Sparse(record))
            case .delay: body = .delay(Delay(record))
            case .convolution: body = .convolution(Convolution(record))
            case .pool: body = .pool(Pool(record))
            case .activation: body = .activation(Activation(record))
            case .loihi: body = .loihi(Loihi(record))
            case .xylo: body = .xylo(Xylo(record))
            case .recurrence: body = .recurrence(Recurrence(record))
            }
            return Op(header: OpHeader(source: record.source, target: record.target), body: body, isLoop: record.isLoop)
        }
    }

    extension Op {
        /// The parameters in a few words, for people.
        package func details(_ file: FileView) -> String {
            switch body {
            case .input(let body): body.details(header, file)
            case .projection(let body): body.details(header, file)
            case .lif(let body): body.details(header, file)
            case .memory(let body): body.details(header, file)
            case .readout(let body): body.details(header, file)
            case .sparse(let body): body.details(header, file)
            case .delay(let body): body.details(header, file)
            case .convolution(let body): body.details(header, file)
            case .pool(let body): body.details(header, file)
            case .activation(let body): body.details(header, file)
            case .loihi(let body): body.details(header, file)
            case .xylo(let body): body.details(header, file)
            case .recurrence(let body): body.details(header, file)
            }
        }

        /// An op's weights as they are stored: of `copies` groups or units each. Nil where it has none.
        package struct StoredTensor {
            package let encoding: String
            package let shape: String
            package let weights: UInt64
            package let copies: UInt32
            package let byteCount: UInt64
        }

        package func storedTensor(_ file: FileView, _ number: UInt32) -> StoredTensor? {
            let declaration = file.declaration(ofOp: number)
            let tensors = [declaration.weights[0], declaration.weights[1]].filter { $0.weightCount > 0 }
            if tensors.isEmpty && declaration.factorBits == 0 { return nil }
            var shape = tensors.map { $0.runCount == 1 ? "\($0.runLength)" : "\($0.runLength)x\($0.runCount)" }
                .joined(separator: " + ")
            switch body {
            case .sparse: shape = "\(declaration.synapses) synapses"
            case .convolution(let body):
                let kernel = body.shape(file.base)
                shape = "\(tensors[0].runLength)x\(kernel.channels)x\(kernel.kernelHeight)x\(kernel.kernelWidth)"
            case .recurrence(let body): shape = "\(declaration.factorBits / 32 / UInt64(body.order))x\(body.order)"
            default: break
            }
            return StoredTensor(
                encoding: tensors.first.map { "\($0.encoding)" } ?? "int32", shape: shape,
                weights: tensors.reduce(declaration.factorBits / 32) { $0 + $1.weightCount },
                copies: declaration.weightCopies,
                byteCount: tensors.reduce(declaration.factorBits / 8) {
                    $0 + UInt64($1.runByteCount) * UInt64($1.runCount)
                })
        }
    }
#endif
