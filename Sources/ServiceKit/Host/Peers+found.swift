import RPC
public import Vocabulary

/// What another service answers of a record; nil where it says that there is no such one.
public func unlessNotFound<Answer>(_ kind: RecordKind, _ question: () async throws -> Answer?) async throws -> Answer? {
    do {
        return try await question()
    } catch let failure as PeerFailure where failure.error.says(kind.notFound) {
        return nil
    } catch let error as RPCError where error.says(kind.notFound) {
        return nil
    }
}

extension RPCError {
    fileprivate func says(_ code: RejectionCode) -> Bool { reason == code.rawValue }
}
