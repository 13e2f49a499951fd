public import Storage

/// The databases of a hospital and what has to be known to judge them.
public struct Evidence {
    /// One schema for each service.
    public let files: DatabaseFiles
    public let clinic: ClinicKnowledge

    public init(files: DatabaseFiles, clinic: ClinicKnowledge) {
        self.files = files
        self.clinic = clinic
    }
}
