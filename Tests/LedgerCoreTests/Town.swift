/// A small Shanghai that most tables begin with: a city, three zones below it, and a scheme of each kind.
enum Town {
    static let tenants = """
        shanghai: TENANT.CREATE 上海市
        lingang: TENANT.CREATE 临港 parent=shanghai
        zhangjiang: TENANT.CREATE 张江 parent=shanghai
        pudong: TENANT.CREATE 浦东 parent=shanghai
        """

    static let schemes = """
        shanghai: SCHEME.PUT pilot 1 project rate=50% cap=10000000 window=P3Y conditions=filed payers=lingang
        shanghai: SCHEME.PUT founder 1 company rate=tenant window=P3Y governs=cost payers=lingang
        shanghai: SCHEME.PUT deal 1 deal rate=5% rule=exact cap=5000000 payers=zhangjiang,lingang
        shanghai: SCHEME.PUT yearly 1 company rate=10% cap=1000 window=calendar-year
        shanghai: SCHEME.PUT spending 1 company cap=1000 window=calendar-year governs=cost
        shanghai: SCHEME.PUT rolling 1 company cap=1000 window=rolling-P36M
        shanghai: SCHEME.PUT clan 1 group cap=1000
        shanghai: SCHEME.PUT capped 1 project cap=1000
        shanghai: SCHEME.PUT open 1 project
        """

    static let parties = """
        shanghai: PARTY.PUT Acme company group=G1
        shanghai: PARTY.PUT Bolt company group=G1
        shanghai: PARTY.PUT Cone company
        """

    static let subjects = """
        lingang: SUBJECT.OPEN pilot P1 Acme 2023-06-01
        lingang: CONDITION.MEET pilot P1 filed 2023-06-01
        lingang: SUBJECT.OPEN founder F1 Acme 2023-06-01
        lingang: SUBJECT.OPEN deal D1 Acme 2023-06-01
        lingang: SUBJECT.OPEN yearly Y1 Acme 2023-06-01
        lingang: SUBJECT.OPEN spending X1 Acme 2023-06-01
        lingang: SUBJECT.OPEN rolling R1 Acme 2020-01-01
        lingang: SUBJECT.OPEN clan G1 Acme 2023-06-01
        lingang: SUBJECT.OPEN capped C1 Acme 2023-06-01
        lingang: SUBJECT.OPEN open O1 Acme 2023-06-01
        """

    static let budgets = """
        lingang: APPROPRIATE general 2023 50000000 2023-01-02
        lingang: APPROPRIATE general 2024 50000000 2023-01-02
        lingang: APPROPRIATE general 2025 50000000 2023-01-02
        lingang: APPROPRIATE general 2026 50000000 2023-01-02
        zhangjiang: APPROPRIATE general 2024 50000000 2023-01-02
        """

    static let all = [tenants, schemes, parties, subjects, budgets].joined(separator: "\n")
}
