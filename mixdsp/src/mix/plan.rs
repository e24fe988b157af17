//! The routing plan: in which order nodes run, and how long each route waits.
//!
//! Nodes are strips (tracks and buses), each with a latency of its own. A route leads what one node gives
//! into another: an output, a send, or a key. Audio arrives at a node as late as its latest route; every
//! other route waits for that one:
//!
//! ```text
//! arrival(to) = max over routes into it of (arrival(from) + latency(from))
//! wait(route) = arrival(to) - arrival(from) - latency(from)
//! ```
//!
//! A track whose key comes late has to wait too: its own audio enters at `arrival`. Nodes of one round do not
//! wait for each other and may run side by side; each round waits for those before it. Cost: nodes and
//! routes, once, when the routing is made.

/// A way from one node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The node that gives.
    pub from: usize,
    /// The node that takes.
    pub to: usize,
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// A route names a node that does not exist.
    NoSuchNode {
        /// The route, from 0.
        route: usize,
    },
    /// Routes lead in a circle through this node.
    Circle {
        /// A node on the circle.
        node: usize,
    },
    /// A slice is shorter than the nodes or routes.
    TooShort,
}

/// What a plan says, in slices of the caller.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The nodes in the order in which they run, round by round.
    pub order: &'a mut [usize],
    /// The round in which each node runs, from 0.
    pub rounds: &'a mut [usize],
    /// The frame at which audio arrives at each node.
    pub arrival: &'a mut [usize],
    /// The frames that each route waits.
    pub waits: &'a mut [usize],
}

/// Finds the plan. All slices are as long as `latencies`, but `waits` is as long as `routes`, and `scratch`,
/// whose content does not matter, twice as long as `latencies`.
pub fn plan(
    latencies: &[usize],
    routes: &[Route],
    plan: Plan<'_>,
    scratch: &mut [usize],
) -> Result<(), PlanError> {
    let nodes = latencies.len();
    let Plan { order, rounds, arrival, waits } = plan;
    let short = [order.len(), rounds.len(), arrival.len(), scratch.len() / 2].iter().any(|len| *len < nodes);
    if short || waits.len() < routes.len() {
        return Err(PlanError::TooShort);
    }
    if let Some(route) = routes.iter().position(|route| route.from >= nodes || route.to >= nodes) {
        return Err(PlanError::NoSuchNode { route });
    }
    // How many routes into a node were not followed yet, and the first route out of it; `waits` has the next
    // one for the time being.
    let (missing, rest) = scratch.split_at_mut(nodes);
    let first = &mut rest[..nodes];
    missing.fill(0);
    first.fill(routes.len());
    for (at, route) in routes.iter().enumerate() {
        missing[route.to] += 1;
        waits[at] = core::mem::replace(&mut first[route.from], at);
    }
    rounds[..nodes].fill(0);
    arrival[..nodes].fill(0);
    let mut ready = 0;
    for node in (0..nodes).filter(|node| missing[*node] == 0) {
        order[ready] = node;
        ready += 1;
    }
    for placed in 0..nodes {
        if placed == ready {
            return Err(PlanError::Circle { node: circle(routes, missing, first) });
        }
        let node = order[placed];
        let mut next = first[node];
        while let Some(Route { to, .. }) = routes.get(next) {
            rounds[*to] = rounds[*to].max(rounds[node] + 1);
            arrival[*to] = arrival[*to].max(arrival[node] + latencies[node]);
            missing[*to] -= 1;
            if missing[*to] == 0 {
                order[ready] = *to;
                ready += 1;
            }
            next = waits[next];
        }
    }
    for (wait, route) in waits.iter_mut().zip(routes) {
        *wait = arrival[route.to] - arrival[route.from] - latencies[route.from];
    }
    Ok(())
}

/// A node on a circle: what is still missing something waits for another such node, and so on, until one
/// comes again.
fn circle(routes: &[Route], missing: &[usize], before: &mut [usize]) -> usize {
    for route in routes.iter().filter(|route| missing[route.from] > 0) {
        before[route.to] = route.from;
    }
    let start = missing.iter().position(|routes| *routes > 0).unwrap_or(0);
    (0..missing.len()).fold(start, |node, _| before[node])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plan of five nodes or fewer: order, rounds, arrival, waits.
    fn found(latencies: &[usize], routes: &[(usize, usize)]) -> Result<[[usize; 5]; 4], PlanError> {
        let mut routed = [Route { from: 0, to: 0 }; 5];
        routed.iter_mut().zip(routes).for_each(|(route, (from, to))| *route = Route { from: *from, to: *to });
        let mut found = [[0; 5]; 4];
        let [order, rounds, arrival, waits] = &mut found;
        // Whatever is left in the scratch from before.
        plan(latencies, &routed[..routes.len()], Plan { order, rounds, arrival, waits }, &mut [77; 10])?;
        Ok(found)
    }

    #[test]
    fn every_path_into_a_node_arrives_at_the_same_frame() {
        // 0 master <- 1 bus <- 2 track (latency 100), 3 track; 3 also sends to 4, an effect bus
        let routes = [(1, 0), (2, 1), (3, 1), (3, 4), (4, 0)];
        let [order, rounds, arrival, waits] = found(&[7, 30, 100, 0, 500], &routes).unwrap();
        assert_eq!(arrival, [500, 100, 0, 0, 0]);
        assert_eq!(waits, [370, 0, 100, 0, 0]);
        assert_eq!(rounds, [2, 1, 0, 0, 1]);
        let place = |node| order.iter().position(|n| *n == node).unwrap();
        assert!(routes.iter().all(|(from, to)| place(*from) < place(*to)));
        assert!(order.is_sorted_by_key(|node| rounds[*node]), "{order:?}");
    }

    #[test]
    fn circles_and_strangers_are_refused() {
        assert_eq!(found(&[0, 0], &[(0, 1), (1, 0)]), Err(PlanError::Circle { node: 0 }));
        // 0 only hangs on the circle.
        assert_eq!(found(&[0, 0, 0], &[(1, 2), (2, 1), (2, 0)]), Err(PlanError::Circle { node: 2 }));
        assert_eq!(found(&[0, 0], &[(5, 0)]), Err(PlanError::NoSuchNode { route: 0 }));
        let [mut order, mut rounds, mut arrival] = [[0]; 3];
        let slices = Plan { order: &mut order, rounds: &mut rounds, arrival: &mut arrival, waits: &mut [] };
        assert_eq!(plan(&[0], &[], slices, &mut [0]), Err(PlanError::TooShort));
    }
}
