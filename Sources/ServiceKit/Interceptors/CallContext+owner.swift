public import RPC

extension CallContext {
    /// Refuses a caller who is a doctor, but not this one. Other roles pass: whether they may call is the contract's to say.
    public func requireOwner(doctorID: String) throws {
        values[OwnershipQuestion.self]?.ask()
        guard let principal, principal.role == .doctor, principal.subject != doctorID else { return }
        throw RPCError.notHisOwn
    }
}
