//! Floor 6: the members of a node: processors, told one by one or many of a kind.
//!
//! A tuple of one to eight is fixed at compile time. `[P]`, `[P; N]`, what `&mut` points to, and with `alloc` a `Vec<P>`
//! are chosen at run time, such as `Vec<Box<dyn Processor<T> + Send>>`. `()` has no member. The code of a node is the same
//! over all of them.

use crate::base::error::Error;
use crate::base::id::Id;
use crate::base::sample::Sample;
use crate::engine::processor::Processor;

/// The members of a node, in order.
pub trait Members<T: Sample> {
    /// Calls `act` with every member.
    fn each(&self, act: impl FnMut(&dyn Processor<T>));

    /// Calls `act` with every member until one fails.
    fn try_each_mut(
        &mut self,
        act: impl FnMut(&mut dyn Processor<T>) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// The same where nothing can fail.
    #[inline(always)]
    fn each_mut(&mut self, mut act: impl FnMut(&mut dyn Processor<T>)) {
        let _ = self.try_each_mut(|member| {
            act(member);
            Ok(())
        });
    }
}

macro_rules! tuple {
    ($($name:ident $at:tt),*) => {
        impl<T: Sample, $($name: Processor<T>),*> Members<T> for ($($name,)*) {
            #[inline(always)]
            fn each(&self, mut act: impl FnMut(&dyn Processor<T>)) {
                let _ = &mut act;
                $(act(&self.$at);)*
            }
            #[inline(always)]
            fn try_each_mut(
                &mut self,
                mut act: impl FnMut(&mut dyn Processor<T>) -> Result<(), Error>,
            ) -> Result<(), Error> {
                let _ = &mut act;
                $(act(&mut self.$at)?;)*
                Ok(())
            }
        }
    };
}
tuple!();
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

impl<T: Sample, P: Processor<T>> Members<T> for [P] {
    #[inline(always)]
    fn each(&self, mut act: impl FnMut(&dyn Processor<T>)) {
        self.iter().for_each(|member| act(member));
    }
    #[inline(always)]
    fn try_each_mut(
        &mut self,
        mut act: impl FnMut(&mut dyn Processor<T>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.iter_mut().try_for_each(|member| act(member))
    }
}

/// What holds or points to members has the same members.
macro_rules! behind {
    ([$($generics:tt)*] $type:ty, $members:ident => $inside:expr, $inside_mut:expr) => {
        impl<T: Sample, $($generics)*> Members<T> for $type {
            #[inline(always)]
            fn each(&self, act: impl FnMut(&dyn Processor<T>)) {
                let $members = self;
                Members::<T>::each($inside, act);
            }
            #[inline(always)]
            fn try_each_mut(
                &mut self,
                act: impl FnMut(&mut dyn Processor<T>) -> Result<(), Error>,
            ) -> Result<(), Error> {
                let $members = self;
                Members::<T>::try_each_mut($inside_mut, act)
            }
        }
    };
}
behind!([P: Processor<T>, const N: usize] [P; N], members => members.as_slice(), members.as_mut_slice());
behind!([M: Members<T> + ?Sized] &mut M, members => &**members, &mut **members);
#[cfg(any(feature = "alloc", test))]
behind!([P: Processor<T>] alloc::vec::Vec<P>, members => members.as_slice(), members.as_mut_slice());

/// How many members there are.
pub(crate) fn count<T: Sample>(members: &(impl Members<T> + ?Sized)) -> usize {
    let mut count = 0;
    members.each(|_| count += 1);
    count
}

/// How many processors ids may name among them.
pub(crate) fn nodes<T: Sample>(members: &(impl Members<T> + ?Sized)) -> u16 {
    let mut nodes = 0u16;
    members.each(|member| nodes = nodes.saturating_add(member.nodes()));
    nodes
}

/// Looks for the member that an id names, counting nodes depth first.
struct Finder<A> {
    id: Id,
    /// Nodes still to be passed over; `None` once it was found.
    left: Option<u16>,
    act: Option<A>,
}

impl<A> Finder<A> {
    const fn new(id: Id, act: A) -> Self {
        Self { id, left: Some(id.node()), act: Some(act) }
    }

    /// What to do with a member of so many nodes, when it is the one, and the id as the member knows it.
    fn pass(&mut self, nodes: u16) -> Option<(A, Id)> {
        let left = self.left.take()?;
        if left < nodes {
            return self.act.take().map(|act| (act, self.id.in_node(left)));
        }
        self.left = Some(left - nodes);
        None
    }
}

/// Runs `act` on the member that an id names, with the id as the member knows it.
pub(crate) fn with<T: Sample, R>(
    members: &(impl Members<T> + ?Sized),
    id: Id,
    act: impl FnOnce(&dyn Processor<T>, Id) -> R,
) -> Option<R> {
    let (mut finder, mut found) = (Finder::new(id, act), None);
    members.each(|member| {
        if let Some((act, id)) = finder.pass(member.nodes()) {
            found = Some(act(member, id));
        }
    });
    found
}

/// The same to change something, refused when there is no such member.
pub(crate) fn with_mut<T: Sample>(
    members: &mut (impl Members<T> + ?Sized),
    id: Id,
    act: impl FnOnce(&mut dyn Processor<T>, Id) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut finder, mut found) = (Finder::new(id, act), Err(Error::Unknown { id }));
    members.each_mut(|member| {
        if let Some((act, id)) = finder.pass(member.nodes()) {
            found = act(member, id);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Align, AlignConfig, Gain, NoConfig, Spec};
    use alloc::boxed::Box;
    use alloc::vec::Vec;

    const SPEC: Spec = Spec::new(48_000.0, 1);

    fn gain() -> Gain<f32, [u64; 64]> {
        Gain::new_in(SPEC, NoConfig, (), [0; 64]).unwrap()
    }

    fn latencies(members: &(impl Members<f32> + ?Sized)) -> Vec<usize> {
        let mut latencies = Vec::new();
        members.each(|member| latencies.push(member.latency()));
        latencies
    }

    #[test]
    fn every_holder_shows_its_members_in_order() {
        let align = |frames| Align::<f32>::new(SPEC, AlignConfig { frames }, ()).unwrap();
        assert_eq!(latencies(&()), Vec::<usize>::new());
        assert_eq!(latencies(&(align(3), gain(), align(5))), [3, 0, 5]);
        let mut array = [align(1), align(2)];
        assert_eq!(latencies(&array), [1, 2]);
        assert_eq!(latencies(&&mut array[..]), [1, 2]);
        let boxes: Vec<Box<dyn Processor<f32> + Send>> = alloc::vec![Box::new(align(7)), Box::new(gain())];
        assert_eq!(latencies(&boxes), [7, 0]);
        assert_eq!(count::<f32>(&boxes), 2);
    }

    #[test]
    fn the_first_failure_ends_the_walk() {
        let mut seen = 0;
        let error = Error::Mismatch { what: "test" };
        let result = Members::<f32>::try_each_mut(&mut (gain(), gain(), gain()), |_| {
            seen += 1;
            if seen == 2 { Err(error) } else { Ok(()) }
        });
        assert_eq!((seen, result), (2, Err(error)));
    }
}
