import Contracts
import Foundation
import ServiceKit
import Supervision

/// All that `hms doctor` looks at.
struct Examination {
    private let data: DataOption
    private let token: TokenOption

    init(_ data: DataOption, _ token: TokenOption) {
        self.data = data
        self.token = token
    }

    func findings() async -> [DoctorFinding] {
        let machine = MachineExamination().findings()
        let configuration: HospitalConfiguration
        do {
            configuration = try data.configuration()
        } catch {
            return machine + [.wrong("settings", "\(error)", do: "correct the setting that it names")]
        }
        let folder = DataFolder(configuration.dataFolder)
        let hospital = try? folder.runningHospital()
        return machine + FolderExamination(configuration, isRunning: hospital != nil).findings()
            + KeyExamination(configuration, isRunning: hospital != nil).findings()
            + ReachExamination(configuration).findings()
            + ExpiryExamination(configuration, isRunning: hospital != nil, token: token).findings()
            + (await PartsExamination(configuration, hospital, data).findings())
    }
}
