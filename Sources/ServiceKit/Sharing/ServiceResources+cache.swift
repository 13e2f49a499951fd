import SharedCache

extension ServiceResources {
    /// When doctors work, shared with other replicas; nil where no cache is configured.
    ///
    /// - Throws: where the process has no descriptors left.
    public func shareAvailability() throws -> SharedAvailability? {
        try settings.cache.map { SharedAvailability(try SharedCache($0, logger: logger)) }
    }
}
