import ServiceKit

enum Help {
    /// The settings that the shim reads, with their flags, environment variables and defaults.
    static var text: String {
        """
        OVERVIEW: The public door of the hospital: JSON over HTTP in front of its services.

        Verifies tokens, turns requests into calls, and answers /openapi.json, /docs, /livez and /readyz itself.
        Stops on SIGTERM or Ctrl-C once the requests under way are answered.

        USAGE: hms-rest [--http-listen HOST:PORT] [--peer-patient HOST:PORT] …

        EXAMPLE: hms-rest --data ./var --peer-patient 127.0.0.1:7000 --peer-doctor 127.0.0.1:7001

        OPTIONS:
        \(settings.map(line).joined(separator: "\n"))
          --version
                Show the version.
          -h, --help
                Show this.
        """
    }

    private static let settings: [Setting] =
        [
            Settings.httpListen, Settings.httpConnections, Settings.httpConnectionShare, Settings.httpBodyBudget,
            Settings.metricsListen, Settings.data, Settings.jwks,
            Settings.issuer, Settings.audience, Settings.tokenLeeway, Settings.timeout, Settings.maximumTimeout, Settings.drainGrace,
            Settings.logLevel, Settings.file,
        ] + Settings.services.map(Settings.peer)

    private static func line(_ setting: Setting) -> String {
        let usual = setting.defaultValue.isEmpty ? "" : " Default: \(setting.defaultValue)."
        return "  \(setting.flag)  (\(setting.environmentName))\n        \(setting.meaning).\(usual)"
    }
}
