//! A line of the catalogue for one sample type.

use mixdsp::catalogue::{ALL, AnyUnit, AnyWords, BoxedSample, Descriptor};
use mixdsp::params::{Group, Place, Row};
use mixdsp::{Error, Id, Spec};
use std::marker::PhantomData;
use std::ops::Deref;

/// Smallest and largest value of a row.
pub(crate) type Range = (f64, f64);

/// A processor and a sample type. Configs are values in the order of the table.
pub(crate) struct Entry<T> {
    processor: &'static Descriptor,
    sample: PhantomData<fn() -> T>,
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

/// Every line of the catalogue.
pub(crate) fn entries<T: BoxedSample>() -> impl Iterator<Item = Entry<T>> {
    ALL.iter().map(|processor| Entry { processor, sample: PhantomData })
}

impl<T: BoxedSample> Entry<T> {
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
        self.processor.words::<T>(spec, config)
    }
    pub(crate) fn range(&self, row: &Row, spec: &Spec, config: &[f64]) -> Range {
        self.processor.range(row, spec, config)
    }
    /// Every parameter with its place, in the order of the values.
    pub(crate) fn params(&self, config: &[f64]) -> Vec<(Id, Place)> {
        let mut all = Vec::new();
        self.processor.params.each(&self.processor.items(config), |id, place| all.push((id, place)));
        all
    }
    pub(crate) fn find(&self, id: Id, config: &[f64]) -> Option<Place> {
        self.processor.place(id, config)
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
        self.processor.boxed_in(spec, config, &settings, words)
    }
}
