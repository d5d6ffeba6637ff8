"""What hearing costs in energy: an estimate from CPU seconds, with every assumption in sight. Pure.

Only the CPU of the recogniser is measured. The energy is that of the cores while they decode, and of the building
around them; the rest of the machine, which runs anyway, the network and the telephones are not in it.
"""

from dataclasses import dataclass

from guichet.core.language import Bilingual

JOULES_PER_WH = 3600.0


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the estimate takes for given.

    `watts`: of one busy core with its share of memory (a server of 16 cores and 150 W under load). `overhead`: energy
    of the building for that of the machines (PUE; 1.5 is common, 1.2 good). `grams`: of CO2 equivalent a kWh, by life
    cycle (France: some 50; ADEME, Base Empreinte).
    """

    watts: float = 10.0
    overhead: float = 1.5
    grams: float = 52.0

    def told(self) -> Bilingual:
        """Say what is assumed."""
        return Bilingual(
            f"Hypothèses : {self.watts:g} W par cœur occupé, {self.overhead:g} fois cela avec le bâtiment (PUE), "
            f"{self.grams:g} g de CO2e par kWh ; sans le réseau, ni les téléphones, ni la machine au repos.",
            f"Assumptions: {self.watts:g} W a busy core, {self.overhead:g} times that with the building (PUE), "
            f"{self.grams:g} g of CO2e a kWh; without the network, the telephones and the idle machine.",
        )


@dataclass(frozen=True, slots=True)
class Energy:
    """The energy of some CPU seconds: watt-hours, and grams of CO2 equivalent."""

    watt_hours: float
    grams: float


def energy(cpu: float, assumed: Assumptions) -> Energy:
    """Estimate the energy of CPU seconds."""
    watt_hours = cpu * assumed.watts * assumed.overhead / JOULES_PER_WH
    return Energy(watt_hours, watt_hours * assumed.grams / 1000)
