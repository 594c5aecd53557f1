/// A netx survey is what a netx file holds, layer by layer, whether or not it can be compiled.
public struct NetxSurvey: Sendable {
    public struct Entry: Sendable {
        /// Place in the file, e.g. `layer/0`.
        public let name: String
        /// lava-dl's word for the layer; empty where the file has none.
        public let type: String
        /// Shape of what it gives, as far as it is known.
        public let shape: [Int]?
        /// The layer as it was read; nil for one without neurons, or at fault.
        public let layer: NetxNetwork.Layer?
        public let fault: NIRError?
    }

    public let entries: [Entry]

    /// Reads on behind a layer at fault, with the shape that the file gives for it.
    ///
    /// - Throws: a file without layers.
    public init(path: String) throws(NIRError) {
        let all = try HDF5File(path: path).root(of: path).group("layer")
        var (reader, entries) = (NetxReader(), [Entry]())
        for number in try all.names().indices {
            let name = "\(all.place)/\(number)"
            let group: HDF5Group
            do throws(NIRError) { group = try all.group("\(number)") } catch {
                entries.append(Entry(name: name, type: "", shape: nil, layer: nil, fault: error))
                continue
            }
            let (type, count) = ((try? group.string("type")) ?? "", reader.layers.count)
            do throws(NIRError) {
                try reader.read(group)
                let layer = reader.layers.count > count ? reader.layers.last : nil
                entries.append(Entry(name: name, type: type, shape: reader.shape, layer: layer, fault: nil))
            } catch {
                reader.skip(group)
                entries.append(Entry(name: name, type: type, shape: reader.shape, layer: nil, fault: error))
            }
        }
        self.entries = entries
    }
}

extension NetxNetwork.Layer {
    /// Numbers that the layer holds.
    public var parameterCount: Int {
        let neurons = 4 * count + delays.count
        switch connection {
        case .values(let weight): return weight.count + neurons
        case .dense(let weight, let recurrent): return weight.count + (recurrent?.count ?? 0) + neurons
        case .convolution(let node): return (type == "pool" ? 1 : node.weight.count) + neurons
        }
    }

    /// Products that a tick takes at most.
    public var denseOperations: Int {
        switch connection {
        case .values: return count
        case .dense(let weight, let recurrent): return weight.count + (recurrent?.count ?? 0)
        case .convolution(let node):
            return LayerFan(.convolution(node), from: inputShape, to: shape)?.dense ?? 0
        }
    }
}
