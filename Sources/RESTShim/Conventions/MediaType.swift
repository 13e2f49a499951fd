/// The one media type that bodies have.
enum MediaType {
    /// Whether a Content-Type is `application/json`, with no charset or UTF-8.
    static func isJSON(_ contentType: String) -> Bool {
        if contentType == "application/json" { return true }
        let parts = contentType.lowercased().split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmed }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { isHarmless($0) }
    }

    private static func isHarmless(_ parameter: Substring) -> Bool {
        guard !parameter.isEmpty else { return true }
        guard parameter.hasPrefix("charset=") else { return parameter.contains("=") }
        let charset = parameter.dropFirst("charset=".count)
        return charset == "utf-8" || charset == "\"utf-8\""
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
