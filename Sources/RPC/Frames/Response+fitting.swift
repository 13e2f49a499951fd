import NIOCore

extension Response {
    /// As much of the answer as a caller accepts. A message that is too large becomes INTERNAL; an error loses first its
    /// metadata and details, then words.
    func fitting(_ limits: Hello) -> Response {
        let (messageLimit, metadataLimit) = (Int(limits.maximumMessageBytes), Int(limits.maximumMetadataBytes))
        switch outcome {
        case .message(let message):
            guard message.readableBytes > messageLimit || metadata.byteCount > metadataLimit else { return self }
            return Response(outcome: .error(RPCError.internal.fitting(messageLimit)))
        case .error(let error):
            let kept = metadata.byteCount > metadataLimit ? Metadata() : metadata
            return Response(outcome: .error(error.fitting(messageLimit)), metadata: kept, isNotProcessed: isNotProcessed)
        }
    }

    var code: StatusCode {
        switch outcome {
        case .message: .ok
        case .error(let error): error.code
        }
    }
}

extension RPCError {
    /// The error with no more details than `limit` bytes hold.
    fileprivate func fitting(_ limit: Int) -> RPCError {
        var error = self
        if error.detailsByteCount > limit { error.violations = [] }
        if error.detailsByteCount > limit {
            error.message = error.message.prefix(whoseUTF8Fits: max(0, limit - error.detailsByteCount + error.message.utf8.count))
        }
        if error.detailsByteCount > limit { error.reason = "" }
        return error
    }

    private var detailsByteCount: Int {
        var details = ByteBuffer()
        writeDetails(to: &details)
        return details.readableBytes
    }
}
