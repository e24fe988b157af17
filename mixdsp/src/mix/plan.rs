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
//! A track whose key comes late has to wait too: its own audio enters at `arrival`. Cost: nodes times
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

/// Writes the order in which the nodes run, the frame at which audio arrives at each, and the frames that
/// each route waits. `order` and `arrival` are as long as `latencies`, `waits` as long as `routes`.
pub fn plan(
    latencies: &[usize],
    routes: &[Route],
    order: &mut [usize],
    arrival: &mut [usize],
    waits: &mut [usize],
) -> Result<(), PlanError> {
    let nodes = latencies.len();
    if order.len() < nodes || arrival.len() < nodes || waits.len() < routes.len() {
        return Err(PlanError::TooShort);
    }
    if let Some(route) = routes.iter().position(|route| route.from >= nodes || route.to >= nodes) {
        return Err(PlanError::NoSuchNode { route });
    }
    for placed in 0..nodes {
        let (done, _) = order.split_at(placed);
        let ready = |node: &usize| {
            !done.contains(node) && routes.iter().all(|route| route.to != *node || done.contains(&route.from))
        };
        let next = (0..nodes).find(ready);
        let Some(node) = next else {
            let node = (0..nodes).find(|node| !done.contains(node)).unwrap_or(0);
            return Err(PlanError::Circle { node });
        };
        let into = routes.iter().filter(|route| route.to == node);
        arrival[node] = into.map(|route| arrival[route.from] + latencies[route.from]).max().unwrap_or(0);
        order[placed] = node;
    }
    for (wait, route) in waits.iter_mut().zip(routes) {
        *wait = arrival[route.to] - arrival[route.from] - latencies[route.from];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_into_a_node_arrives_at_the_same_frame() {
        // 0 master <- 1 bus <- 2 track (latency 100), 3 track; 3 also sends to 4, an effect bus
        let latencies = [7, 30, 100, 0, 500];
        let routes = [(1, 0), (2, 1), (3, 1), (3, 4), (4, 0)].map(|(from, to)| Route { from, to });
        let (mut order, mut arrival, mut waits) = ([0; 5], [0; 5], [0; 5]);
        plan(&latencies, &routes, &mut order, &mut arrival, &mut waits).unwrap();
        assert_eq!(arrival, [500, 100, 0, 0, 0]);
        assert_eq!(waits, [370, 0, 100, 0, 0]);
        let place = |node| order.iter().position(|n| *n == node).unwrap();
        assert!(routes.iter().all(|route| place(route.from) < place(route.to)));
    }

    #[test]
    fn circles_and_strangers_are_refused() {
        let (mut order, mut arrival, mut waits) = ([0; 2], [0; 2], [0; 2]);
        let circle = [(0, 1), (1, 0)].map(|(from, to)| Route { from, to });
        let result = plan(&[0, 0], &circle, &mut order, &mut arrival, &mut waits);
        assert_eq!(result, Err(PlanError::Circle { node: 0 }));
        let stranger = [Route { from: 5, to: 0 }];
        let result = plan(&[0, 0], &stranger, &mut order, &mut arrival, &mut waits);
        assert_eq!(result, Err(PlanError::NoSuchNode { route: 0 }));
    }
}
