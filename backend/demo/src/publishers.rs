//! The invented publishers.

use reference::NewPublisher;

/// A publisher and the sites it sells in, biggest first within a site.
pub struct PublisherFacts {
    pub code: &'static str,
    pub name: &'static str,
    pub sites: &'static [&'static str],
    /// Its part of each site's books relative to others'.
    pub weight: u32,
}

const fn publisher(
    code: &'static str,
    name: &'static str,
    sites: &'static [&'static str],
    weight: u32,
) -> PublisherFacts {
    PublisherFacts { code, name, sites, weight }
}

/// All publishers. Twenty sell in one country, five in several.
pub const PUBLISHERS: [PublisherFacts; 25] = [
    publisher("tammeleht", "Tammelehe Kirjastus", &["ee"], 30),
    publisher("rukkilill", "Rukkilille Õpik", &["ee"], 22),
    publisher("hobekask", "Hõbekase Kirjastus", &["ee"], 14),
    publisher("kiviraamat", "Kiviraamat", &["ee"], 9),
    publisher("pooripaev", "Pööripäeva Kirjad", &["ee"], 5),
    publisher("koivunlehti", "Koivunlehti Kustannus", &["fi"], 32),
    publisher("revontuli-oppi", "Revontuli Oppimateriaalit", &["fi"], 20),
    publisher("sinikyna", "Sinikynä", &["fi"], 12),
    publisher("kaarnakirja", "Kaarnakirja", &["fi"], 8),
    publisher("tuulenpesa", "Tuulenpesä Kustannus", &["fi"], 5),
    publisher("azuolo-knyga", "Ąžuolo knyga", &["lt"], 28),
    publisher("gintaro-lapas", "Gintaro lapas", &["lt"], 20),
    publisher("zalia-lenta", "Žalia lenta", &["lt"], 10),
    publisher("ryto-rasa", "Ryto rasos leidykla", &["lt"], 6),
    publisher("altyn-dala", "Алтын дала кітабы", &["kz"], 26),
    publisher("samal-oqulyq", "Самал оқулық", &["kz"], 18),
    publisher("qarlygash", "Қарлығаш сөзі", &["kz"], 8),
    publisher("acacia-leaf", "Acacia Leaf Press", &["ke"], 24),
    publisher("mwanga-vitabu", "Mwanga wa Vitabu", &["ke"], 16),
    publisher("savanna-slate", "Savanna Slate", &["ke"], 8),
    publisher("baltic-slate", "Baltic Slate", &["ee", "lt"], 12),
    publisher("nordic-lantern", "Nordic Lantern", &["fi", "ee"], 10),
    publisher("amberline", "Amberline Learning", &["lt", "ee", "fi"], 8),
    publisher("steppe-and-sea", "Steppe & Sea", &["kz", "ee"], 7),
    publisher("equator-north", "Equator North", &["fi", "ke"], 7),
];

/// As reference data.
pub fn publishers() -> Vec<NewPublisher> {
    PUBLISHERS.iter().map(|p| NewPublisher { code: p.code.to_owned(), name: p.name.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_slugs_and_some_publishers_sell_abroad() {
        let codes: BTreeSet<_> = PUBLISHERS.iter().map(|p| p.code).collect();
        assert_eq!(codes.len(), PUBLISHERS.len());
        assert!(codes.iter().all(|c| c.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
        assert_eq!(PUBLISHERS.iter().filter(|p| p.sites.len() > 1).count(), 5);
    }
}
