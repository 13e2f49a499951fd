public import Storage

/// The databases of a hospital and what has to be known to judge them.
public struct Evidence {
    /// One schema for each service.
    public let files: any DatabasesSideBySide
    public let clinic: ClinicKnowledge

    public init(files: any DatabasesSideBySide, clinic: ClinicKnowledge) {
        self.files = files
        self.clinic = clinic
    }
}
