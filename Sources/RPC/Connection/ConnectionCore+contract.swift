extension ConnectionCore {
    /// The hash of the peer's contract where it is another than ours; nil where it is the same, or one side's is not known.
    var otherContract: UInt64? {
        let theirs = peerLimits.contractFingerprint
        return theirs == 0 || contractFingerprint == 0 || theirs == contractFingerprint ? nil : theirs
    }
}
