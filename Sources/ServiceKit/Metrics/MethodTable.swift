import RPC

/// What belongs to each of some methods, found by the method's id, which is a hash already: mostly with one look.
struct MethodTable<Value: Sendable>: Sendable {
    private var slots: [(id: UInt64, value: Value)?]
    private let mask: Int

    init(_ methods: [MethodDescriptor], _ value: (MethodDescriptor) -> Value) {
        var size = 8
        while size < methods.count * 4 { size *= 2 }
        mask = size - 1
        slots = Array(repeating: nil, count: size)
        for method in methods {
            let place = place(of: method.id)
            if slots[place] == nil { slots[place] = (method.id, value(method)) }
        }
    }

    /// Nil for a method that is not among them.
    subscript(method: MethodDescriptor) -> Value? {
        slots[place(of: method.id)]?.value
    }

    /// Where the method is, or would be. There are more slots than methods, so there is always an empty one.
    private func place(of id: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: id) & mask
        while let slot = slots[place], slot.id != id { place = (place + 1) & mask }
        return place
    }
}
