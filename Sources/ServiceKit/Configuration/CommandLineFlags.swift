/// What a command line sets: `--flag value` and `--flag=value`. Nothing on it is passed over.
struct CommandLineFlags {
    private var wordsByFlag: [String: [String]] = [:]

    /// - Throws: where an argument is neither a setting's flag nor the value of one.
    init(_ arguments: [String], settings: [Setting]) throws(ConfigurationError) {
        let known = settings.map(\.flag)
        var problems: [ConfigurationError.Problem] = []
        /// The flag whose value comes next.
        var open: String?
        for argument in arguments {
            let flag = String(argument.prefix { $0 != "=" })
            let isFlag = argument.hasPrefix("--")
            if isFlag, known.contains(flag) {
                wordsByFlag[flag, default: []] += flag == argument ? [] : [String(argument.dropFirst(flag.count + 1))]
            } else if !isFlag, let open {
                wordsByFlag[open]?.append(argument)
            } else {
                problems.append(.init(flag, "there is no such setting\(Spelling.question(flag, among: known))"))
            }
            // What follows an unknown flag is its value, and no mistake of its own.
            open = isFlag && flag == argument ? flag : nil
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// The values of a setting's flag in their order; nil where it is not there.
    func words(of setting: Setting) -> [String]? { wordsByFlag[setting.flag] }
}
