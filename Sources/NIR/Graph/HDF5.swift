import CHDF5
import Glibc

/// An HDF5 file gives as much as NIR needs of it: groups, numbers and strings, through libhdf5.
final class HDF5File {
    private let file: hid_t

    init(path: String) throws(NIRError) {
        if access(path, R_OK) != 0 {
            throw NIRError(path, nil, access(path, F_OK) == 0 ? "cannot be read" : "no such file")
        }
        H5open()
        H5Eset_auto2(0, nil, nil)  // errors are returned, not printed
        file = H5Fopen(path, 0, 0)
        if file < 0 {
            throw NIRError(
                path, nil, "cannot be opened as HDF5", hint: "a NIR file is what nir.write(path, graph) makes")
        }
    }

    deinit { H5Fclose(file) }

    func root(of path: String) -> HDF5Group { HDF5Group(file: self, id: file, path: path, place: "", isOwned: false) }
}

/// An HDF5 group is open as long as the object lives, and keeps its file open.
final class HDF5Group {
    /// The file's path and the place in it, for messages.
    let path: String
    let place: String
    private let file: HDF5File
    private let id: hid_t
    private let isOwned: Bool

    fileprivate init(file: HDF5File, id: hid_t, path: String, place: String, isOwned: Bool) {
        (self.file, self.id, self.path, self.place, self.isOwned) = (file, id, path, place, isOwned)
    }

    deinit { if isOwned { H5Gclose(id) } }

    func error(_ name: String?, _ message: String, hint: String? = nil) -> NIRError {
        let full = [place, name ?? ""].filter { !$0.isEmpty }.joined(separator: "/")
        return NIRError(path, full.isEmpty ? nil : full, message, hint: hint)
    }

    /// Names of all members, in ascending order.
    func names() throws(NIRError) -> [String] {
        var count: hsize_t = 0
        if H5Gget_num_objs(id, &count) < 0 { throw error(nil, "cannot be listed") }
        if count > 1 << 20 { throw error(nil, "has \(count) members, more than any network") }
        var names: [String] = []
        for number in 0..<count {
            let length = H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, number, nil, 0, 0)
            if length < 0 { throw error(nil, "has a member without a name") }
            var bytes = [CChar](repeating: 0, count: length + 1)
            _ = H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, number, &bytes, length + 1, 0)
            names.append(String(decoding: bytes[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return names
    }

    func has(_ name: String) -> Bool { H5Lexists(id, name, 0) > 0 }

    func group(_ name: String) throws(NIRError) -> HDF5Group {
        let opened = H5Gopen2(id, name, 0)
        if opened < 0 { throw error(name, "is missing, or no group") }
        let below = place.isEmpty ? name : place + "/" + name
        return HDF5Group(file: file, id: opened, path: path, place: below, isOwned: true)
    }

    /// Numbers of any type, as doubles: exact for floats of 32 bits and integers up to 2^53.
    func numbers(_ name: String) throws(NIRError) -> Tensor {
        try withDataset(name) { (set, shape) throws(NIRError) in
            guard let kind = try? typeClass(set), kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM else {
                throw error(name, "does not hold numbers")
            }
            var values = [Double](repeating: 0, count: shape.reduce(1, *))
            if H5Dread(set, hdf5_native_double(), 0, 0, 0, &values) < 0 { throw error(name, "cannot be read") }
            return Tensor(shape: shape, values: values)
        }
    }

    /// Strings, of fixed or of any length.
    func strings(_ name: String) throws(NIRError) -> (shape: [Int], values: [String]) {
        try withDataset(name) { (set, shape) throws(NIRError) in
            let type = H5Dget_type(set)
            defer { H5Tclose(type) }
            if H5Tget_class(type) != H5T_STRING { throw error(name, "does not hold text") }
            let count = shape.reduce(1, *)
            if H5Tis_variable_str(type) > 0 { return (shape, try variableStrings(set, type, count, name)) }
            let width = H5Tget_size(type)
            var bytes = [UInt8](repeating: 0, count: max(1, count * width))
            if H5Dread(set, type, 0, 0, 0, &bytes) < 0 { throw error(name, "cannot be read") }
            let values = (0..<count).map { i in
                let cell = bytes[i * width..<(i + 1) * width].prefix { $0 != 0 }
                return String(decoding: cell, as: UTF8.self)
            }
            return (shape, values)
        }
    }

    func string(_ name: String) throws(NIRError) -> String {
        let texts = try strings(name).values
        guard texts.count == 1 else { throw error(name, "holds \(texts.count) strings, expected one") }
        return texts[0]
    }

    private func variableStrings(
        _ set: hid_t, _ type: hid_t, _ count: Int, _ name: String
    ) throws(NIRError) -> [String] {
        let space = H5Dget_space(set)
        defer { H5Sclose(space) }
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: max(1, count))
        if H5Dread(set, type, 0, 0, 0, &pointers) < 0 { throw error(name, "cannot be read") }
        let values = pointers[..<count].map { $0.map { String(cString: $0) } ?? "" }
        H5Dvlen_reclaim(type, space, 0, &pointers)
        return values
    }

    private func typeClass(_ set: hid_t) throws -> H5T_class_t {
        let type = H5Dget_type(set)
        defer { H5Tclose(type) }
        return H5Tget_class(type)
    }

    private func withDataset<Result>(
        _ name: String, _ body: (hid_t, [Int]) throws(NIRError) -> Result
    ) throws(NIRError) -> Result {
        let set = H5Dopen2(id, name, 0)
        if set < 0 { throw error(name, "is missing, or no dataset") }
        defer { H5Dclose(set) }
        let space = H5Dget_space(set)
        defer { H5Sclose(space) }
        let rank = Int(H5Sget_simple_extent_ndims(space))
        if rank < 0 || rank > 8 { throw error(name, "has \(rank) dimensions") }
        var sizes = [hsize_t](repeating: 1, count: max(1, rank))
        if rank > 0 { H5Sget_simple_extent_dims(space, &sizes, nil) }
        var count: hsize_t = 1
        for size in sizes[..<rank] {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow || product > 1 << 28 { throw error(name, "is too large: \(sizes[..<rank])") }
            count = product
        }
        return try body(set, sizes[..<rank].map(Int.init))
    }
}
