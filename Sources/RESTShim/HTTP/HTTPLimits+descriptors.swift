extension HTTPLimits {
    /// Descriptors that are no client's: files, calls to services, the reserve, and connections that are just being closed.
    private static let otherDescriptors = 512

    /// The limits that can be kept with so many file descriptors: no more connections are promised than there can be. The
    /// share of one address shrinks with the whole.
    func within(descriptorCount: Int) -> HTTPLimits {
        let possible = max(16, descriptorCount - HTTPLimits.otherDescriptors)
        guard possible < connectionCount else { return self }
        var limits = self
        limits.connectionCount = possible
        limits.connectionShare = connectionShare >= connectionCount ? possible : max(1, connectionShare * possible / connectionCount)
        return limits
    }
}
