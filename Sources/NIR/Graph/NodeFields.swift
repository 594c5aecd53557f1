/// These functions read a field of a node's group and hold it to the form that it must have.
extension NodeReader {
    func finite(_ name: String) throws(NIRError) -> Tensor {
        let tensor = try group.numbers(name)
        if let i = tensor.values.firstIndex(where: { !$0.isFinite }) {
            throw group.error(name, "is \(tensor.values[i]) at element \(i), expected a finite number")
        }
        return tensor
    }

    func spread(_ name: String, over shape: [Int]) throws(NIRError) -> Tensor {
        let tensor = try finite(name)
        guard let spread = tensor.spread(over: shape) else {
            throw group.error(name, "has shape \(tensor.shape), expected \(shape)")
        }
        return spread
    }

    func integers(_ name: String) throws(NIRError) -> [Int] {
        try finite(name).values.map { (value) throws(NIRError) in
            guard value == value.rounded(), abs(value) < 1e9 else {
                throw group.error(name, "is \(value), expected a whole number")
            }
            return Int(value)
        }
    }

    func integer(_ name: String) throws(NIRError) -> Int {
        let numbers = try integers(name)
        guard numbers.count == 1 else { throw group.error(name, "holds \(numbers.count) numbers, expected one") }
        return numbers[0]
    }

    /// Height and width; one number stands for both.
    func pair(_ name: String, least: Int = 1) throws(NIRError) -> [Int] {
        let numbers = try integers(name)
        guard numbers.count == 1 || numbers.count == 2 else {
            throw group.error(name, "holds \(numbers.count) numbers, expected 2")
        }
        if let low = numbers.first(where: { $0 < least }) {
            throw group.error(name, "is \(low), expected \(least) or more")
        }
        return numbers.count == 1 ? [numbers[0], numbers[0]] : numbers
    }

    /// Height and width, the height being `least` where there is one dimension only.
    func sizes(_ name: String, _ isTwoDimensional: Bool, least: Int) throws(NIRError) -> [Int] {
        let sizes = try pair(name, least: least)
        return isTwoDimensional ? sizes : [least, sizes[1]]
    }
}
