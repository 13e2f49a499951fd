/// A configuration and where each of its values came from.
public struct LoadedConfiguration: Sendable {
    public let configuration: HospitalConfiguration
    let values: [SettingValue]
    /// The configuration file, where there is one.
    let filePath: String?
    /// What is likely a mistake and no reason not to start: variables that look like settings and are none.
    public let remarks: [String]

    /// One line for each setting with its value and where that was set; secrets are left out.
    public var redactedDump: String {
        values.map(\.description).joined(separator: "\n")
    }

    /// Whether anything but the default says so.
    public func isSet(_ setting: Setting) -> Bool {
        values.contains { $0.setting == setting && $0.origin != nil }
    }

    /// What was set by flags, as variables: so it can be passed on where everybody on the machine can't read it.
    public var flagsAsVariables: [String: String] {
        var variables = [Settings.file.environmentName: filePath ?? ""].filter { !$0.value.isEmpty }
        for value in values where value.origin == value.setting.flag { variables[value.setting.environmentName] = value.text }
        return variables
    }

    static func remarks(on environment: [String: String]) -> [String] {
        let known = Settings.all.map(\.environmentName) + Settings.otherVariables
        return environment.keys.filter { $0.hasPrefix("HMS_") && !known.contains($0) }.sorted().map {
            "\($0) is no setting and is ignored\(Spelling.question($0, among: known))"
        }
    }
}

/// A setting's value as it was written.
struct SettingValue: Sendable, CustomStringConvertible {
    let setting: Setting
    let text: String
    /// Where it was set; nil: it is the default.
    let origin: String?

    var description: String {
        let shown = setting.isSecret && !text.isEmpty ? "<redacted>" : text
        return "\(setting.key) = \(shown)  (\(origin ?? "default"))"
    }
}
