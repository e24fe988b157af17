//! A line of the catalogue, or a tree of nodes, for one sample type.

use super::trees::{Answer, Ask, Tree};
use mixdsp::catalogue::{ALL, AnyUnit, AnyWords, BoxedSample, Descriptor};
use mixdsp::params::{Assets, Group, Place, Row};
use mixdsp::{Error, Id, Processor, Spec};
use std::ops::Deref;

/// Smallest and largest value of a row.
pub(crate) type Range = (f64, f64);

/// A processor and a sample type. Configs are values in the order of the table.
pub(crate) struct Entry<T: 'static> {
    processor: &'static Descriptor,
    /// What is built in its place, where it is no line of the catalogue.
    tree: Option<&'static Tree<T>>,
}

impl<T> Clone for Entry<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Entry<T> {}

impl<T> Deref for Entry<T> {
    type Target = Descriptor;
    fn deref(&self) -> &Descriptor {
        self.processor
    }
}

/// An impulse response of 600 samples that adds up to less than 1.
static TAPS: [f64; 600] = {
    let mut taps = [0.0; 600];
    taps[0] = 0.5;
    let mut at = 1;
    while at < taps.len() {
        taps[at] = if at % 3 == 0 { -0.2 } else { 0.2 } / (at * at) as f64;
        at += 1;
    }
    taps
};
static CHANNELS: [&[f64]; 1] = [&TAPS];
static SLOTS: [&[&[f64]]; 1] = [&CHANNELS];

/// What a processor is built with.
pub(crate) fn assets(processor: &Descriptor) -> Assets<'static> {
    Assets(&SLOTS[..processor.assets.len()])
}

/// Every line of the catalogue.
pub(crate) fn entries<T: BoxedSample>() -> impl Iterator<Item = Entry<T>> {
    ALL.iter().map(|processor| Entry { processor, tree: None })
}

impl<T: BoxedSample> Entry<T> {
    /// A tree under a name.
    pub(crate) fn of_tree(processor: &'static Descriptor, tree: &'static Tree<T>) -> Self {
        Self { processor, tree: Some(tree) }
    }
    pub(crate) fn is_tree(&self) -> bool {
        self.tree.is_some()
    }
    /// The parameters whose movement is listened to: of a tree a few, as its members are listened to by themselves.
    pub(crate) fn steered(&self, config: &[f64]) -> Vec<(Id, Place)> {
        self.tree.map_or_else(|| self.params(config), |tree| tree.steered.clone())
    }
    /// The default config.
    pub(crate) fn config(&self) -> Vec<f64> {
        self.processor.default_config().collect()
    }
    /// What the fields of a config hold when they are given these values.
    pub(crate) fn held(&self, config: &[f64]) -> Vec<f64> {
        (0..config.len()).map(|at| self.processor.held(config, at)).collect()
    }
    /// How many words a unit needs.
    pub(crate) fn words(&self, spec: &Spec, config: &[f64]) -> Result<usize, Error> {
        let Some(tree) = self.tree else { return self.processor.words::<T>(spec, config) };
        match (tree.build)(*spec, Ask::Words)? {
            Answer::Words(words) => Ok(words),
            Answer::Unit(_) => unreachable!("words were asked for"),
        }
    }
    pub(crate) fn range(&self, row: &Row, spec: &Spec, config: &[f64]) -> Range {
        match self.tree {
            Some(tree) => tree.range(row, spec),
            None => self.processor.range(row, spec, config),
        }
    }
    /// Every parameter with its place, in the order of the values.
    pub(crate) fn params(&self, config: &[f64]) -> Vec<(Id, Place)> {
        if let Some(tree) = self.tree {
            return tree.params.clone();
        }
        let mut all = Vec::new();
        self.processor.params.each(&self.processor.items(config), |id, place| all.push((id, place)));
        all
    }
    pub(crate) fn find(&self, id: Id, config: &[f64]) -> Option<Place> {
        match self.tree {
            Some(tree) => tree.params.iter().find(|(of, _)| *of == id).map(|(_, place)| *place),
            None => self.processor.place(id, config),
        }
    }
    pub(crate) fn items(&self, group: &Group, config: &[f64]) -> usize {
        let at = self.processor.params.groups.iter().position(|known| known.key == group.key);
        at.map_or(0, |at| self.processor.items(config)[at] as usize)
    }
    pub(crate) fn build<'a>(
        &self,
        spec: Spec,
        config: &[f64],
        settings: &[(Id, f64)],
        words: AnyWords<'a>,
    ) -> Result<Box<dyn AnyUnit<T> + 'a>, Error> {
        let Some(tree) = self.tree else {
            return self.processor.boxed_in(spec, config, &(settings, assets(self.processor)), words);
        };
        let Answer::Unit(mut unit) = (tree.build)(spec, Ask::In(words))? else {
            unreachable!("a unit was asked for")
        };
        settings.iter().try_for_each(|(id, value)| unit.set(*id, *value))?;
        // As if it had been built with them.
        unit.reset();
        Ok(unit)
    }
}
